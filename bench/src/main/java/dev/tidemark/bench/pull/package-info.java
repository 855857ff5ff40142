/**
 * How fast changes reach devices, by live connections and by pull, and what a connection costs,
 * beside what a bare consumer of the same topic, a bare reader of the same log and a bare server of
 * the same bytes do in the same run. May touch the running system's doors, JDBC, Kafka, and the
 * scope log of the pipeline.
 */
@NullMarked
package dev.tidemark.bench.pull;

import org.jspecify.annotations.NullMarked;
