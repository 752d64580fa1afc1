package org.cinnabar.runtime;

/** A command line that says something impossible; the message is for the user. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
