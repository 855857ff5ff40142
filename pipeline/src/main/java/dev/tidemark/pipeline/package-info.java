/**
 * The Kafka Streams topologies, a package per feature.
 *
 * <p>In each feature, {@code core} decides (records in, a decision out, no Kafka) and the package
 * itself does: processors, stores, the topology. {@code runtime} holds what all topologies share:
 * the house's settings and the life of a Streams client.
 */
@NullMarked
package dev.tidemark.pipeline;

import org.jspecify.annotations.NullMarked;
