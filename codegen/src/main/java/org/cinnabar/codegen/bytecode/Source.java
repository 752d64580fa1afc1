package org.cinnabar.codegen.bytecode;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import java.lang.constant.ClassDesc;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source of a class.
 *
 * <p>On its way through JavaPoet it carries marks, of which none remain: where a type is named,
 * which JavaPoet imports, and where a statement begins, as nobody else knows its line in the end.
 *
 * @param lines the lines, counted from one, of statements by identity
 */
record Source(String text, Map<Statement, Integer> lines) {
    private static final Pattern TYPE = Pattern.compile("\\x01([^\\x02]*)\\x02");
    private static final Pattern STATEMENT = Pattern.compile("\\x03(\\d+)\\x04");

    /** Stands in code where {@code type} is named. */
    static String mark(ClassDesc type) {
        return "\1" + type.descriptorString() + "\2";
    }

    /** Stands in code before the statement of number {@code index}. */
    static String mark(int index) {
        return "\3" + index + "\4";
    }

    /** Marked code as JavaPoet takes it. */
    static CodeBlock code(String marked) {
        CodeBlock.Builder code = CodeBlock.builder();
        Matcher types = TYPE.matcher(marked);
        int end = 0;
        while (types.find()) {
            TypeName type = type(ClassDesc.ofDescriptor(types.group(1)));
            code.add("$L$T", marked.substring(end, types.start()), type);
            end = types.end();
        }
        return code.add("$L", marked.substring(end)).build();
    }

    /** What JavaPoet made of code in which {@code statements} are marked by their index. */
    static Source of(String marked, List<Statement> statements) {
        Map<Statement, Integer> lines = new IdentityHashMap<>();
        StringJoiner text = new StringJoiner("\n");
        int line = 0;
        for (String written : marked.split("\n", -1)) {
            line++;
            Matcher statement = STATEMENT.matcher(written);
            if (statement.find()) {
                lines.put(statements.get(Integer.parseInt(statement.group(1))), line);
            }
            text.add(statement.reset().replaceFirst(""));
        }
        return new Source(text.toString(), lines);
    }

    static TypeName type(ClassDesc type) {
        if (type.isArray()) {
            return ArrayTypeName.of(type(type.componentType()));
        }
        return switch (type.descriptorString()) {
            case "V" -> TypeName.VOID;
            case "Z" -> TypeName.BOOLEAN;
            case "B" -> TypeName.BYTE;
            case "S" -> TypeName.SHORT;
            case "C" -> TypeName.CHAR;
            case "I" -> TypeName.INT;
            case "J" -> TypeName.LONG;
            case "F" -> TypeName.FLOAT;
            case "D" -> TypeName.DOUBLE;
            default -> name(type);
        };
    }

    static ClassName name(ClassDesc type) {
        String[] names = type.displayName().split("\\$");
        return ClassName.get(
                type.packageName(), names[0], Arrays.copyOfRange(names, 1, names.length));
    }
}
