package org.cinnabar.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The idle sessions behind a model's own {@code run} methods.
 *
 * <p>Taking and giving are lock-free and allocate only while the number of threads that run at once
 * still grows. A session that is taken and never given back is simply forgotten.
 */
final class SessionPool {
    private volatile AtomicReferenceArray<Session> idle = new AtomicReferenceArray<>(8);

    /** A session of {@code model} that nobody else uses until it is given back. */
    Session take(Model model) {
        AtomicReferenceArray<Session> places = idle;
        for (int i = 0; i < places.length(); i++) {
            Session session = places.get(i);
            if (session != null && places.compareAndSet(i, session, null)) {
                return session;
            }
        }
        return model.session();
    }

    void give(Session session) {
        while (true) {
            AtomicReferenceArray<Session> places = idle;
            for (int i = 0; i < places.length(); i++) {
                if (places.get(i) == null && places.compareAndSet(i, null, session)) {
                    return;
                }
            }
            grow(places);
        }
    }

    /** Doubles the places; what is given to the old ones meanwhile is forgotten. */
    private synchronized void grow(AtomicReferenceArray<Session> full) {
        if (idle == full) {
            AtomicReferenceArray<Session> grown = new AtomicReferenceArray<>(2 * full.length());
            for (int i = 0; i < full.length(); i++) {
                grown.set(i, full.getAndSet(i, null));
            }
            idle = grown;
        }
    }
}
