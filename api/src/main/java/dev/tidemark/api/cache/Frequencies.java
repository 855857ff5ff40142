package dev.tidemark.api.cache;

import dev.tidemark.contract.catalog.view.Lifetime;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often keys are asked for, about: a sketch of counters that is halved every minute, so that it
 * takes the same memory however many keys there are.
 */
final class Frequencies {
  /** Asked for so often in the last minutes, a key counts as hot. */
  static final int HOT = 60;

  /** And as warm. */
  static final int WARM = 6;

  private static final int WIDTH = 1 << 14;
  private static final int DEPTH = 4;
  private static final long HALVE_NANOS = Duration.ofMinutes(1).toNanos();

  private final AtomicIntegerArray counters = new AtomicIntegerArray(WIDTH * DEPTH);
  private final LongSupplier nanos;
  private final AtomicLong halved;

  Frequencies(LongSupplier nanos) {
    this.nanos = nanos;
    this.halved = new AtomicLong(nanos.getAsLong());
  }

  void asked(String key) {
    int hash = spread(key.hashCode());
    for (int row = 0; row < DEPTH; row++) {
      counters.incrementAndGet(place(hash, row));
    }
  }

  int of(String key) {
    halveIfDue();
    int hash = spread(key.hashCode());
    int least = Integer.MAX_VALUE;
    for (int row = 0; row < DEPTH; row++) {
      least = Math.min(least, counters.get(place(hash, row)));
    }
    return least;
  }

  /** How long an answer under this key may be kept. */
  Duration lifetime(String key, Lifetime lifetime) {
    int often = of(key);
    Duration base =
        often >= HOT ? lifetime.hot() : often >= WARM ? lifetime.warm() : lifetime.cold();
    double off = (ThreadLocalRandom.current().nextDouble() * 2 - 1) * lifetime.jitter();
    return Duration.ofMillis((long) (base.toMillis() * (1 + off)));
  }

  private void halveIfDue() {
    long now = nanos.getAsLong();
    long before = halved.get();
    if (now - before >= HALVE_NANOS && halved.compareAndSet(before, now)) {
      for (int i = 0; i < counters.length(); i++) {
        counters.updateAndGet(i, count -> count >>> 1);
      }
    }
  }

  private static int place(int hash, int row) {
    int mixed = spread(hash + row * 0x7F4A7C15);
    return row * WIDTH + (mixed & (WIDTH - 1));
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 16);
  }
}
