package org.cinnabar.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Quantity {
    private Quantity() {}

    /** {@code 25.6 M}: three significant digits and a unit of thousands. */
    static String count(long value) {
        return scaled(value, new String[] {"", " k", " M", " G", " T"});
    }

    /** {@code 102 MB}: decimal units. */
    static String bytes(long value) {
        return scaled(value, new String[] {" B", " kB", " MB", " GB", " TB"});
    }

    /** {@code 6.3 s}. */
    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }

    private static String scaled(long value, String[] units) {
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit + 1 < units.length) {
            scaled /= 1000;
            unit++;
        }
        String digits = unit == 0 || scaled >= 99.95 ? "%.0f" : scaled >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, scaled) + units[unit];
    }
}
