package dev.tidemark.bench.verify.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record of a topic.
 *
 * @param at when it was written, by the topic's own clock
 * @param value null where something was forgotten
 */
record Told<V>(int partition, long offset, Instant at, @Nullable V value) {}
