package org.cinnabar.runtime;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The files on a command line, told apart by the input they are for, and their values. */
final class Inputs {
    /** Bytes at the beginning of a file that tell what it is. */
    private static final int MAGIC = 8;

    private final Signature signature;
    private final List<List<String>> files;
    private final List<String> items = new ArrayList<>();

    private Inputs(Signature signature, List<List<String>> files) {
        this.signature = signature;
        this.files = files;
    }

    /**
     * The {@code words} of a command line. If there are none and {@code random} holds, the inputs
     * are random values. Rejects a model's input without a file.
     */
    static Inputs assign(List<String> words, Signature signature, boolean random) {
        List<Port> ports = signature.inputs();
        List<List<String>> files = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            files.add(new ArrayList<>());
        }
        for (String word : words) {
            int equals = word.indexOf('=');
            int named = equals < 0 ? -1 : signature.input(word.substring(0, equals));
            if (named < 0 && ports.size() > 1) {
                throw new UsageException(
                        "the model has inputs "
                                + Signature.names(ports)
                                + "; say which one is meant: "
                                + ports.getFirst().name()
                                + "="
                                + word);
            }
            files.get(Math.max(0, named)).add(named < 0 ? word : word.substring(equals + 1));
        }
        for (int i = 0; i < ports.size(); i++) {
            if (files.get(i).isEmpty() && !(random && words.isEmpty())) {
                throw new UsageException(
                        "input '"
                                + ports.get(i).name()
                                + "' is missing: "
                                + ports.get(i).name()
                                + "=FILE");
            }
        }
        return new Inputs(signature, files);
    }

    /** Reads all files, binds them, and returns the number of compiled shapes they hold. */
    int bind(Session session, Preprocessing preprocessing) throws IOException {
        int units = 0;
        for (int i = 0; i < files.size(); i++) {
            float[] values =
                    files.get(i).isEmpty()
                            ? random(signature.inputs().get(i))
                            : read(i, preprocessing);
            session.input(i).bind(values);
            units = values.length / signature.inputs().get(i).length();
        }
        return units;
    }

    /** What each item of the batch came from: a file, with a number if it holds several. */
    List<String> items() {
        return items;
    }

    private static float[] random(Port port) {
        Random random = new Random(42);
        float[] values = new float[port.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private float[] read(int input, Preprocessing preprocessing) throws IOException {
        Port port = signature.inputs().get(input);
        int perItem = port.shape().isEmpty() ? 1 : port.length() / port.shape().getFirst();
        float[] all = {};
        for (String name : files.get(input)) {
            float[] values = read(new File(name), port, preprocessing);
            if ((long) all.length + values.length > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "the files for input '" + port.name() + "' exceed 2^31 values; use fewer");
            }
            int end = all.length;
            all = end == 0 ? values : Arrays.copyOf(all, end + values.length);
            System.arraycopy(values, 0, all, end, values.length);
            if (input == 0) {
                int count = values.length / perItem;
                for (int i = 0; i < count; i++) {
                    items.add(count == 1 ? name : name + "[" + i + "]");
                }
            }
        }
        return all;
    }

    private static float[] read(File file, Port port, Preprocessing preprocessing)
            throws IOException {
        if (file.isDirectory()) {
            throw new IOException(file + " is a folder; an image or .npy file is needed");
        }
        byte[] start = InputFile.start(file, MAGIC);
        if (Npy.recognises(start) || file.getPath().endsWith(".npy")) {
            Npy array = Npy.read(file);
            if (!fits(array.shape(), port)) {
                throw new IllegalArgumentException(
                        file
                                + " holds "
                                + Port.text(array.shape())
                                + ", input '"
                                + port.name()
                                + "' takes "
                                + Port.text(port.shape()));
            }
            return array.values();
        }
        if (Images.recognises(start)) {
            return Images.read(file, port.shape(), preprocessing);
        }
        throw new IOException(file + " is neither an image (PNG, JPEG, GIF, BMP) nor an .npy file");
    }

    /**
     * Whether {@code shape} is one item or a batch of items of {@code port}; dimensions of 1 do not
     * count, and the values of an item may lie in one dimension. The batch is not checked.
     */
    static boolean fits(List<Integer> shape, Port port) {
        List<Integer> whole = port.shape();
        List<Integer> item = whole.isEmpty() ? whole : withoutOnes(whole.subList(1, whole.size()));
        List<Integer> flat =
                whole.isEmpty() ? whole : withoutOnes(List.of(port.length() / whole.getFirst()));
        List<Integer> given = withoutOnes(shape);
        List<Integer> rest = shape.isEmpty() ? shape : withoutOnes(shape.subList(1, shape.size()));
        return given.equals(item) || given.equals(flat) || rest.equals(item) || rest.equals(flat);
    }

    private static List<Integer> withoutOnes(List<Integer> shape) {
        List<Integer> kept = new ArrayList<>();
        for (int dimension : shape) {
            if (dimension != 1) {
                kept.add(dimension);
            }
        }
        return kept;
    }
}
