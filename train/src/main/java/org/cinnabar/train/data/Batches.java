package org.cinnabar.train.data;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.cinnabar.train.random.RandomStream;
import org.jspecify.annotations.Nullable;

/** One pass over a data set in batches, prepared by a thread of its own ahead of their use. */
public final class Batches implements AutoCloseable {
    /**
     * Examples one after the other and their labels; labels of -1 and zeros where there are no more
     * examples.
     */
    public record Batch(float[] examples, float[] labels, int count) {}

    /** How examples are chosen and changed: none of it depends on anything but its arguments. */
    public record Plan(
            int size, boolean shuffled, boolean whole, Normalize normalize, Augmentation changes) {
        public Plan {
            if (size < 1) {
                throw new IllegalArgumentException("batch of " + size);
            }
        }
    }

    private static final int AHEAD = 3;

    private sealed interface Item permits Ready, Failed {}

    private record Ready(Batch batch) implements Item {}

    private record Failed(Throwable cause) implements Item {}

    private final Dataset data;
    private final Plan plan;
    private final RandomStream random;
    private final int[] order;
    private final int count;
    private final BlockingQueue<Item> ready = new ArrayBlockingQueue<>(AHEAD);
    private final Thread thread;
    private int taken;

    /**
     * The batches of one pass from number {@code first} on.
     *
     * @param random where the order and all changes come from
     */
    public Batches(Dataset data, Plan plan, RandomStream random, int first) {
        this.data = data;
        this.plan = plan;
        this.random = random;
        this.count = count(data, plan);
        this.taken = first;
        if (plan.shuffled()) {
            order = random.permutation(data.size());
        } else {
            order = new int[data.size()];
            Arrays.setAll(order, i -> i);
        }
        this.thread = Thread.ofPlatform().name("batches").daemon().unstarted(() -> fill(first));
        thread.start();
    }

    /** How many batches a pass has: only full ones if {@code plan.whole()}. */
    public static int count(Dataset data, Plan plan) {
        return plan.whole() ? data.size() / plan.size() : Math.ceilDiv(data.size(), plan.size());
    }

    private void fill(int first) {
        try {
            for (int number = first; number < count; number++) {
                ready.put(new Ready(batch(number)));
            }
        } catch (InterruptedException _) {
            // Nobody wants more.
        } catch (RuntimeException | Error e) {
            try {
                ready.put(new Failed(e));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Batch batch(int number) {
        int length = data.length();
        List<Integer> extents = data.extents();
        boolean image = extents.size() == 3;
        int channels = image ? extents.getFirst() : 1;
        float[] examples = new float[plan.size() * length];
        float[] labels = new float[plan.size()];
        Arrays.fill(labels, -1);
        boolean changes = image && !plan.changes().isNone();
        float[] own = new float[length];
        int start = number * plan.size();
        int filled = Math.min(plan.size(), data.size() - start);
        for (int i = 0; i < filled; i++) {
            int index = order[start + i];
            labels[i] = data.label(index);
            int offset = i * length;
            if (changes) {
                data.read(index, own, 0);
                plan.normalize().apply(own, 0, channels, length / channels);
                plan.changes()
                        .apply(
                                own,
                                examples,
                                offset,
                                channels,
                                extents.get(1),
                                extents.get(2),
                                random.sub(index));
            } else {
                data.read(index, examples, offset);
                plan.normalize().apply(examples, offset, channels, length / channels);
            }
        }
        return new Batch(examples, labels, filled);
    }

    /** The next batch; null after the last one. Rethrows what went wrong while preparing it. */
    public @Nullable Batch next() throws InterruptedException {
        if (taken >= count) {
            return null;
        }
        taken++;
        return switch (ready.take()) {
            case Ready(Batch batch) -> batch;
            case Failed(Throwable cause) -> {
                taken = count;
                throw new DataException(String.valueOf(cause.getMessage()), cause);
            }
        };
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
