package org.cinnabar.compiler;

import java.io.IOException;
import java.util.List;

/** native-image did not build an executable. */
public final class NativeBuildException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int MOST_LINES = 12;

    /** What the tool said about it, line by line. */
    private final String[] cause;

    NativeBuildException(String message, List<String> log) {
        super(message);
        this.cause = cause(log).toArray(String[]::new);
    }

    /** The tool's own words on why, a few lines. */
    public List<String> causeLines() {
        return List.of(cause);
    }

    /** The lines from the first error on, or the last ones where none calls itself that. */
    private static List<String> cause(List<String> log) {
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).matches("(?i)(.*: )?(fatal )?error: .*|.*Exception: .*")) {
                return log.subList(i, Math.min(log.size(), i + MOST_LINES));
            }
        }
        return log.subList(Math.max(0, log.size() - MOST_LINES), log.size());
    }
}
