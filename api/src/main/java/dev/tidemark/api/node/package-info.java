/**
 * What makes this process a node among others: the topologies it runs, and the states it can read
 * from them. May use Kafka, Streams and {@code pipeline}.
 */
@NullMarked
package dev.tidemark.api.node;

import org.jspecify.annotations.NullMarked;
