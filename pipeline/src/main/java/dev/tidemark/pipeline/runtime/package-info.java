/**
 * What all topologies share: {@link dev.tidemark.pipeline.runtime.StreamsPolicy the house's
 * settings}, what happens to {@link dev.tidemark.pipeline.runtime.DeadLetters records that cannot
 * be processed}, and {@link dev.tidemark.pipeline.runtime.RunningTopology the life of a Streams
 * client}.
 *
 * <p>May touch Kafka clients, Streams, RocksDB and a meter registry; knows no feature.
 */
@NullMarked
package dev.tidemark.pipeline.runtime;

import org.jspecify.annotations.NullMarked;
