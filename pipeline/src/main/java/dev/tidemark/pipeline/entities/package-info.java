/**
 * The latest state of every entity, with its version and a version per field: sync decides on it,
 * the api answers from it.
 *
 * <p>{@link dev.tidemark.pipeline.entities.EntitiesTopology} reads all change topics and keeps the
 * store; {@code core} decides what a change does. This package may touch Kafka Streams, the
 * contract and a meter registry.
 */
@NullMarked
package dev.tidemark.pipeline.entities;

import org.jspecify.annotations.NullMarked;
