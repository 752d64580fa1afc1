package org.cinnabar.bench;

import java.util.List;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Session;

/** A compiled model. */
final class CinnabarEngine implements Engine {
    private final Session session;
    private final List<float[]> outputs;

    CinnabarEngine(Model model, List<float[]> inputs, int threads) {
        session = model.session(threads);
        outputs =
                model.signature().outputs().stream().map(port -> new float[port.length()]).toList();
        for (int i = 0; i < inputs.size(); i++) {
            session.input(i).bind(inputs.get(i));
        }
        for (int i = 0; i < outputs.size(); i++) {
            session.output(i).bind(outputs.get(i));
        }
    }

    /** Values for each of {@code ports}, the same at every call, roughly normal. */
    static List<float[]> inputs(List<Port> ports) {
        java.util.Random random = new java.util.Random(ports.size());
        return ports.stream()
                .map(
                        port -> {
                            float[] values = new float[port.length()];
                            for (int i = 0; i < values.length; i++) {
                                values[i] = (float) random.nextGaussian();
                            }
                            return values;
                        })
                .toList();
    }

    @Override
    public void run() {
        session.run();
    }

    @Override
    public float[] output(int index) {
        return outputs.get(index);
    }

    @Override
    public void close() {}
}
