package org.cinnabar.truffle;

import com.oracle.truffle.api.exception.AbstractTruffleException;
import com.oracle.truffle.api.interop.ExceptionType;
import com.oracle.truffle.api.interop.InteropLibrary;
import com.oracle.truffle.api.library.ExportLibrary;
import com.oracle.truffle.api.library.ExportMessage;
import com.oracle.truffle.api.source.Source;
import com.oracle.truffle.api.source.SourceSection;
import org.jspecify.annotations.Nullable;

/** A model that cannot be compiled, or arguments that it does not take. */
@ExportLibrary(InteropLibrary.class)
final class OnnxException extends AbstractTruffleException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable Source source;

    /** A model that cannot be compiled. */
    OnnxException(String message, Source source) {
        super(message);
        this.source = source;
    }

    /** A wrong call. */
    OnnxException(String message) {
        super(message);
        this.source = null;
    }

    @ExportMessage
    ExceptionType getExceptionType() {
        return source == null ? ExceptionType.RUNTIME_ERROR : ExceptionType.PARSE_ERROR;
    }

    @ExportMessage
    boolean hasSourceLocation() {
        return source != null;
    }

    @ExportMessage
    SourceSection getSourceLocation() {
        if (source == null) {
            throw new UnsupportedOperationException();
        }
        return source.createUnavailableSection();
    }
}
