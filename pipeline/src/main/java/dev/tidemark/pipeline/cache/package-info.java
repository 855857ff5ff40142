/**
 * What makes answers of views untrue: the topology that derives it from changes, and the reader
 * that every node follows it with. May use Kafka; {@code core} decides.
 */
@NullMarked
package dev.tidemark.pipeline.cache;

import org.jspecify.annotations.NullMarked;
