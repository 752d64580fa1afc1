package org.cinnabar.train.data;

/** Data that cannot be used: names the file, what was expected, what was seen. */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
