package org.cinnabar.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.TuningCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cinnabar calibrate}. */
@Command(
        name = "calibrate",
        description = {
            "Measures this machine for a few seconds, so that later compilations predict times for"
                    + " it instead of a typical one.",
            "The result is kept in the user's cache folder; delete the file to forget it."
        })
final class CalibrateCommand implements Callable<Integer> {
    private final Console console;

    @Mixin CommonOptions common = new CommonOptions();

    CalibrateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        TuningCache cache = TuningCache.ofUser();
        try (ProgressLine progress = console.progress(common.quiet)) {
            progress.begin("measuring", 0, 1);
            cache.calibrate();
        }
        if (!common.quiet) {
            console.out().println(cache.file());
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("constant", "per second"));
            for (Map.Entry<String, Double> number : cache.read().entrySet()) {
                if (number.getKey().startsWith("machine.")) {
                    rows.add(
                            List.of(
                                    number.getKey().substring("machine.".length()),
                                    String.format(Locale.ROOT, "%.3g", number.getValue())));
                }
            }
            console.out().print(Table.of(rows, 1));
            console.out().flush();
        }
        return 0;
    }
}
