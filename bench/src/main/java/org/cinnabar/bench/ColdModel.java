package org.cinnabar.bench;

import java.lang.reflect.Method;
import java.util.List;

/** A fresh JVM that uses a compiled jar as a library; the jar's runtime is not this one's. */
public final class ColdModel {
    private ColdModel() {}

    /** Takes the model's class and the number of threads. */
    public static void main(String[] words) throws ReflectiveOperationException {
        Class<?> type = Class.forName(words[0]);
        Object model = type.getMethod("load").invoke(null);
        int threads = Integer.parseInt(words[1]);
        Object session = type.getMethod("session", int.class).invoke(model, threads);
        Object signature = type.getMethod("signature").invoke(model);
        bind(session, signature, "input");
        bind(session, signature, "output");
        Method run = session.getClass().getMethod("run");
        System.out.println(
                Settling.measure(
                        () -> {
                            try {
                                run.invoke(session);
                            } catch (ReflectiveOperationException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Settling.INFERENCES));
    }

    private static void bind(Object session, Object signature, String side)
            throws ReflectiveOperationException {
        var ports = (List<?>) signature.getClass().getMethod(side + "s").invoke(signature);
        for (int i = 0; i < ports.size(); i++) {
            Object port = ports.get(i);
            int length = (int) port.getClass().getMethod("length").invoke(port);
            Object slot = session.getClass().getMethod(side, int.class).invoke(session, i);
            slot.getClass().getMethod("bind", float[].class).invoke(slot, new float[length]);
        }
    }
}
