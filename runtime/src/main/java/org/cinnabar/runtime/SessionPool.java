package org.cinnabar.runtime;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sessions behind a model's own {@code run} methods: a lock-free stack that allocates only when
 * more threads run at once than ever before.
 *
 * <p>The head packs a number that grows with every change (against the ABA problem) and the top
 * session's place in the table, counted from 1; place 0 is the empty stack.
 */
final class SessionPool {
    private static final long CHANGE = 1L << 32;

    private final AtomicLong head = new AtomicLong();
    private volatile Session[] table = new Session[0];

    /** A session of {@code model} that nobody else uses until it is given back. */
    Session take(Model model) {
        while (true) {
            long top = head.get();
            int place = (int) top;
            if (place == 0) {
                return create(model);
            }
            Session session = table[place - 1];
            if (head.compareAndSet(top, changed(top, session.below))) {
                return session;
            }
        }
    }

    void give(Session session) {
        long top;
        do {
            top = head.get();
            session.below = (int) top;
        } while (!head.compareAndSet(top, changed(top, session.place)));
    }

    private static long changed(long top, int place) {
        return ((top & -CHANGE) + CHANGE) | place;
    }

    private synchronized Session create(Model model) {
        Session[] grown = Arrays.copyOf(table, table.length + 1);
        Session session = model.session();
        session.place = grown.length;
        grown[grown.length - 1] = session;
        table = grown;
        return session;
    }
}
