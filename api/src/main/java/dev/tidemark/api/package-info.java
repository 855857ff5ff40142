/**
 * The api process: starts the HTTP server and the topologies that it asks, for itself or inside
 * another process. Each feature has a package; this one only puts them together.
 *
 * <p>The module may use {@code contract} and {@code pipeline}; no Debezium, nothing of {@code
 * connectors}, and JDBC only in {@code sync.ledger}.
 */
@NullMarked
package dev.tidemark.api;

import org.jspecify.annotations.NullMarked;
