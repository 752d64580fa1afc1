package org.cinnabar.bench;

import java.util.List;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Session;

/** A compiled model. */
final class CinnabarEngine implements Engine {
    private final Session session;
    private final List<float[]> outputs;

    CinnabarEngine(Model model, List<float[]> inputs, int threads) {
        model.warmUp();
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
