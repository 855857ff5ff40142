/**
 * Decides devices' operations: {@link dev.tidemark.pipeline.resolution.Resolver} keeps one write in
 * flight per entity and decides anew what the database did not take; {@code core} decides. May
 * touch Kafka Streams, the contract, a meter registry and what {@code entities.core} knows of an
 * entity.
 */
@NullMarked
package dev.tidemark.pipeline.resolution;

import org.jspecify.annotations.NullMarked;
