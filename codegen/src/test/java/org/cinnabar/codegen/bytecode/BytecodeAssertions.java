package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.bytecode.Statements.block;
import static org.cinnabar.codegen.bytecode.Statements.returnValue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/**
 * Runs trees as bytecode and compares them with the Java they print as. Expressions and bodies
 * under test may use the variables declared here, which have the values beside them.
 */
final class BytecodeAssertions {
    static final ClassDesc TEST_CLASS = ClassDesc.of("org.cinnabar.generated", "Subject");

    static final Variable I = new Variable("i", CD_int); // 7
    static final Variable J = new Variable("j", CD_int); // -3
    static final Variable L = new Variable("l", CD_long); // 1L << 40
    static final Variable F = new Variable("f", CD_float); // 2.5f
    static final Variable NAN = new Variable("nan", CD_float); // NaN
    static final Variable D = new Variable("d", CD_double); // 0.125
    static final Variable B = new Variable("b", CD_byte); // -5
    static final Variable YES = new Variable("yes", CD_boolean); // true
    static final Variable NO = new Variable("no", CD_boolean); // false
    static final Variable TEXT = new Variable("text", CD_String); // "seven"
    static final Variable FLOATS = new Variable("floats", CD_float.arrayType()); // 1, 2, 3
    static final Variable BYTES = new Variable("bytes", CD_byte.arrayType()); // -1, 127

    private static final List<Variable> PARAMETERS =
            List.of(I, J, L, F, NAN, D, B, YES, NO, TEXT, FLOATS, BYTES);

    private BytecodeAssertions() {}

    private static Object[] arguments() {
        return new Object[] {
            7,
            -3,
            1L << 40,
            2.5f,
            Float.NaN,
            0.125,
            (byte) -5,
            true,
            false,
            "seven",
            new float[] {1, 2, 3},
            new byte[] {-1, 127}
        };
    }

    /** The expression prints so, has that value, and is the bytecode javac makes of its print. */
    static void assertExpression(
            Expression expression, @Nullable Object expected, String rendering) {
        assertThat(expression.render()).isEqualTo(rendering);
        assertThat(assertBody(expression.type(), block(returnValue(expression))))
                .as(rendering)
                .isEqualTo(expected);
    }

    /** The statements of the body print so, and running it gives that value. */
    static void assertStatements(Statement.Block body, Object expected, String... rendering) {
        StringBuilder text = new StringBuilder();
        body.statements().forEach(statement -> text.append(statement.render()));
        assertThat(text.toString().lines()).containsExactly(rendering);
        assertThat(
                        assertBody(
                                ((Number) expected).getClass() == Float.class ? CD_float : CD_int,
                                body))
                .isEqualTo(expected);
    }

    private static Object assertBody(ClassDesc returns, Statement.Block body) {
        MethodModel method =
                MethodModel.of(
                        Modifier.PUBLIC | Modifier.STATIC, returns, "value", PARAMETERS, body);
        ClassModel model = ClassModel.of(Modifier.PUBLIC, TEST_CLASS, List.of(), List.of(method));
        assertSameAsJavac(model);
        return call(define(model), "value", arguments());
    }

    /** Loads the class after ASM's and the JDK's verifiers have agreed to it. */
    static Class<?> define(ClassModel model) {
        byte[] bytes = model.toBytes();
        Definer definer = new Definer();
        StringWriter complaints = new StringWriter();
        CheckClassAdapter.verify(
                new ClassReader(bytes), definer, false, new PrintWriter(complaints));
        assertThat(complaints.toString()).as(model.render()).isEmpty();
        assertThat(ClassFile.of().verify(bytes)).as(model.render()).isEmpty();
        return definer.define(bytes);
    }

    static Object call(Class<?> owner, String name, Object... arguments) {
        Method method =
                Arrays.stream(owner.getDeclaredMethods())
                        .filter(m -> m.getName().equals(name))
                        .findFirst()
                        .orElseThrow();
        method.setAccessible(true);
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** The instructions of every method are those that javac makes of the rendered class. */
    static void assertSameAsJavac(ClassModel model) {
        Map<String, List<String>> emitted = instructions(model.toBytes());
        Map<String, List<String>> compiled = instructions(compile(model));
        if (model.methods().stream().noneMatch(MethodModel::isConstructor)) {
            compiled.remove("<init>()V");
        }
        assertThat(emitted).as(model.render()).isEqualTo(compiled);
    }

    /** Compiles the rendered class. */
    static byte[] compile(ClassModel model) {
        String name = model.name().displayName();
        try {
            Path folder = Files.createTempDirectory("subject");
            Path source = Files.writeString(folder.resolve(name + ".java"), model.render());
            StringWriter messages = new StringWriter();
            int status =
                    ToolProvider.findFirst("javac")
                            .orElseThrow()
                            .run(
                                    new PrintWriter(messages),
                                    new PrintWriter(messages),
                                    "-g",
                                    "-parameters",
                                    "-nowarn",
                                    "-proc:none",
                                    "--add-modules",
                                    "jdk.incubator.vector",
                                    "-d",
                                    folder.toString(),
                                    source.toString());
            assertThat(status).as(messages + model.render()).isZero();
            Path compiled =
                    folder.resolve(model.name().packageName().replace('.', '/'), name + ".class");
            byte[] bytes = Files.readAllBytes(compiled);
            for (Path path = compiled;
                    path != null && !path.equals(folder.getParent());
                    path = path.getParent()) {
                Files.delete(path);
                Files.deleteIfExists(source);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The instructions of each method by name and descriptor. Jumps aim at instruction numbers, and
     * a jump to a {@code goto} at where that goes, as javac sometimes makes it.
     */
    static Map<String, List<String>> instructions(byte[] classFile) {
        Map<String, List<String>> methods = new LinkedHashMap<>();
        ClassFile.of()
                .parse(classFile)
                .methods()
                .forEach(
                        method ->
                                method.code()
                                        .ifPresent(
                                                code ->
                                                        methods.put(
                                                                method.methodName()
                                                                        + method.methodType()
                                                                                .stringValue(),
                                                                instructions(code))));
        return methods;
    }

    private static List<String> instructions(CodeModel code) {
        Map<Label, Integer> targets = new HashMap<>();
        List<Instruction> instructions = new ArrayList<>();
        code.forEach(
                element -> {
                    switch (element) {
                        case LabelTarget target -> targets.put(target.label(), instructions.size());
                        case Instruction instruction -> instructions.add(instruction);
                        default -> {}
                    }
                });
        targets.replaceAll((_, number) -> destination(number, instructions, targets));
        return instructions.stream().map(instruction -> describe(instruction, targets)).toList();
    }

    private static int destination(
            int number, List<Instruction> instructions, Map<Label, Integer> targets) {
        int destination = number;
        while (destination < instructions.size()
                && instructions.get(destination) instanceof BranchInstruction jump
                && jump.opcode() == Opcode.GOTO
                && requireNonNull(targets.get(jump.target())) > destination) {
            destination = requireNonNull(targets.get(jump.target()));
        }
        return destination;
    }

    private static String describe(Instruction instruction, Map<Label, Integer> targets) {
        return switch (instruction) {
            case BranchInstruction branch -> branch.opcode() + " " + targets.get(branch.target());
            case TableSwitchInstruction table ->
                    "TABLESWITCH " + describe(table.cases(), targets, table.defaultTarget());
            case LookupSwitchInstruction lookup ->
                    "LOOKUPSWITCH " + describe(lookup.cases(), targets, lookup.defaultTarget());
            default -> instruction.toString();
        };
    }

    private static String describe(
            List<SwitchCase> cases, Map<Label, Integer> targets, Label otherwise) {
        StringBuilder text = new StringBuilder();
        cases.stream()
                .filter(c -> !Objects.equals(targets.get(c.target()), targets.get(otherwise)))
                .forEach(c -> text.append(c.caseValue() + ":" + targets.get(c.target()) + " "));
        return text.append("default:").append(targets.get(otherwise)).toString();
    }

    private static final class Definer extends ClassLoader {
        Definer() {
            super(BytecodeAssertions.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }
}
