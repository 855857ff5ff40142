package dev.tidemark.bench.verify.cache.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Answers as numbers: equal bodies have equal ones, and others as good as never. */
public final class Values {
  /** That there is nothing. */
  public static final long ABSENT = 0;

  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private Values() {}

  public static long of(@Nullable String body) {
    if (body == null) {
      return ABSENT;
    }
    byte[] bytes = body.getBytes(UTF_8);
    return of(bytes, 0, bytes.length);
  }

  public static long of(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ bytes[i]) * PRIME;
      hash ^= hash >>> 32;
    }
    return hash == ABSENT ? 1 : hash;
  }
}
