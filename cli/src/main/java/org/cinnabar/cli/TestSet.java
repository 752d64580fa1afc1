package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder with values for a model's inputs and outputs. */
record TestSet(String name, Path folder) {
    private static final Pattern FILE = Pattern.compile("(input|output)(?:_(\\d+))?\\.(?:pb|npy)");

    /** The sets below {@code folder}, or the one that it is. */
    static List<TestSet> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        try (Stream<Path> paths = Files.list(folder)) {
            List<TestSet> sets =
                    paths.filter(path -> path.getFileName().toString().startsWith("test_data_set_"))
                            .sorted(
                                    Comparator.comparingInt((Path p) -> p.toString().length())
                                            .thenComparing(p -> p))
                            .map(path -> new TestSet(path.getFileName().toString(), path))
                            .toList();
            if (!sets.isEmpty()) {
                return sets;
            }
        }
        TestSet itself = new TestSet(folder.toAbsolutePath().getFileName() + "", folder);
        if (itself.files("input").isEmpty() || itself.files("output").isEmpty()) {
            throw new IOException(
                    folder
                            + " holds no test data: neither folders test_data_set_0, ... nor files"
                            + " input_0.pb, output_0.pb");
        }
        return List.of(itself);
    }

    /** Values by name: the file's own if it is among {@code names}, or the name at its number. */
    SequencedMap<String, Values> inputs(List<String> names) throws IOException {
        return values("input", names);
    }

    /** Like {@link #inputs} for outputs. */
    SequencedMap<String, Values> outputs(List<String> names) throws IOException {
        return values("output", names);
    }

    private SequencedMap<String, Values> values(String side, List<String> names)
            throws IOException {
        SequencedMap<String, Values> values = new LinkedHashMap<>();
        for (Map.Entry<Integer, Path> file : files(side).entrySet()) {
            Values read = Values.read(file.getValue());
            boolean named = names.contains(read.name());
            if (!named && file.getKey() >= names.size()) {
                throw new IOException(
                        "%s is for %s %d, the model has %d"
                                .formatted(file.getValue(), side, file.getKey(), names.size()));
            }
            values.put(named ? read.name() : names.get(file.getKey()), read);
        }
        return values;
    }

    private SequencedMap<Integer, Path> files(String side) throws IOException {
        SequencedMap<Integer, Path> files = new LinkedHashMap<>();
        List<Path> all;
        try (Stream<Path> paths = Files.list(folder)) {
            all = new ArrayList<>(paths.sorted().toList());
        }
        for (Path path : all) {
            Matcher matcher = FILE.matcher(path.getFileName().toString());
            if (matcher.matches() && matcher.group(1).equals(side)) {
                String number = matcher.group(2);
                files.putIfAbsent(number == null ? 0 : Integer.parseInt(number), path);
            }
        }
        return files;
    }
}
