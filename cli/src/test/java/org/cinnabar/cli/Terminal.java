package org.cinnabar.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Runs command lines in this JVM and keeps what they print. */
final class Terminal {
    /** What came of one command line. */
    record Outcome(int code, String out, String err) {
        List<String> errLines() {
            return err.lines().toList();
        }
    }

    private Terminal() {}

    static Outcome run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        String[] texts =
                java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        int code = Cinnabar.execute(console, texts);
        return new Outcome(code, out.toString(), err.toString());
    }
}
