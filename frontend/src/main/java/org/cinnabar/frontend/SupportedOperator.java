package org.cinnabar.frontend;

/**
 * A row of the support table: an operator of a domain (empty for ONNX's own) that is imported from
 * version {@code since} of the domain on, up to the next row of the same operator.
 */
public record SupportedOperator(String domain, String operator, int since) {}
