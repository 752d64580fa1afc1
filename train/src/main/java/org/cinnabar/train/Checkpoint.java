package org.cinnabar.train;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.cinnabar.runtime.AtomicFile;

/**
 * The state of a run between two steps: enough to go on as if nothing had happened.
 *
 * @param run what decides the run's result; a checkpoint of another run is of no use
 * @param epoch how many epochs are over
 * @param step how many steps of the next one are done
 * @param loss sum over those steps
 * @param correct examples scored right in those steps
 * @param seconds spent on those steps
 * @param values parameters and what the optimiser remembers, by name
 */
record Checkpoint(
        String run,
        int epoch,
        int step,
        double loss,
        double correct,
        double seconds,
        List<Epoch> history,
        Map<String, float[]> values) {
    private static final long MAGIC = 0x43494E4E41424152L;
    private static final int VERSION = 1;

    /** Replaces the file at {@code path}, completely or not at all. */
    void write(Path path) throws IOException {
        AtomicFile.write(
                path,
                stream -> {
                    CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32());
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(checked));
                    content(out);
                    out.flush();
                    long sum = checked.getChecksum().getValue();
                    out.writeLong(sum);
                    out.flush();
                });
    }

    private void content(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(run);
        out.writeInt(epoch);
        out.writeInt(step);
        out.writeDouble(loss);
        out.writeDouble(correct);
        out.writeDouble(seconds);
        out.writeInt(history.size());
        for (Epoch past : history) {
            out.writeInt(past.number());
            out.writeDouble(past.loss());
            out.writeDouble(past.accuracy());
            out.writeDouble(past.validationLoss());
            out.writeDouble(past.validationAccuracy());
            out.writeDouble(past.rate());
            out.writeDouble(past.seconds());
        }
        out.writeInt(values.size());
        for (Map.Entry<String, float[]> value : values.entrySet()) {
            out.writeUTF(value.getKey());
            out.writeInt(value.getValue().length);
            ByteBuffer bytes = ByteBuffer.allocate(value.getValue().length * Float.BYTES);
            bytes.asFloatBuffer().put(value.getValue());
            out.write(bytes.array());
        }
    }

    /**
     * The checkpoint at {@code path}.
     *
     * @throws TrainingException if the file is damaged
     */
    static Checkpoint read(Path path) {
        try {
            byte[] all = Files.readAllBytes(path);
            CRC32 sum = new CRC32();
            int length = all.length - Long.BYTES;
            if (length < 0) {
                throw new TrainingException(
                        path + " is no checkpoint: it has " + all.length + " bytes");
            }
            sum.update(all, 0, length);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(all));
            if (in.readLong() != MAGIC || in.readInt() != VERSION) {
                throw new TrainingException(path + " is no checkpoint of this version");
            }
            if (ByteBuffer.wrap(all).getLong(length) != sum.getValue()) {
                throw new TrainingException(
                        path + " is damaged; remove it to begin from the start");
            }
            return content(in);
        } catch (IOException e) {
            throw new TrainingException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Checkpoint content(DataInputStream in) throws IOException {
        String run = in.readUTF();
        int epoch = in.readInt();
        int step = in.readInt();
        double loss = in.readDouble();
        double correct = in.readDouble();
        double seconds = in.readDouble();
        List<Epoch> history = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            history.add(
                    new Epoch(
                            in.readInt(),
                            in.readDouble(),
                            in.readDouble(),
                            in.readDouble(),
                            in.readDouble(),
                            in.readDouble(),
                            in.readDouble()));
        }
        Map<String, float[]> values = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = in.readUTF();
            float[] numbers = new float[in.readInt()];
            byte[] bytes = in.readNBytes(Math.multiplyExact(numbers.length, Float.BYTES));
            ByteBuffer.wrap(bytes).asFloatBuffer().get(numbers);
            values.put(name, numbers);
        }
        return new Checkpoint(run, epoch, step, loss, correct, seconds, history, values);
    }
}
