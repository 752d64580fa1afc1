package org.cinnabar.codegen.jar;

import java.util.List;
import javax.lang.model.SourceVersion;
import org.cinnabar.codegen.bytecode.Variable;

/** Java identifiers for names that a model chose. */
final class JavaNames {
    private JavaNames() {}

    /**
     * {@code name} with what an identifier cannot hold replaced by underscores, and numbered if one
     * of {@code taken} is called so already.
     */
    static String fresh(String name, List<Variable> taken) {
        String identifier = identifier(name);
        String candidate = identifier;
        for (int number = 2; isTaken(candidate, taken); number++) {
            candidate = identifier + "_" + number;
        }
        return candidate;
    }

    private static boolean isTaken(String name, List<Variable> taken) {
        return taken.stream().anyMatch(variable -> variable.name().equals(name));
    }

    private static String identifier(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints()
                .map(c -> Character.isJavaIdentifierPart(c) ? c : '_')
                .forEach(text::appendCodePoint);
        if (text.isEmpty() || !Character.isJavaIdentifierStart(text.codePointAt(0))) {
            text.insert(0, '_');
        }
        String identifier = text.toString();
        return SourceVersion.isKeyword(identifier) ? identifier + "_" : identifier;
    }
}
