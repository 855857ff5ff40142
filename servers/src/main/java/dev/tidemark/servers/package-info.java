/**
 * Real servers on this machine: {@link dev.tidemark.servers.EmbeddedPostgres18 Postgres}, a {@link
 * dev.tidemark.servers.EmbeddedKafka Kafka broker} and {@link dev.tidemark.servers.EmbeddedRedis
 * Redis}, each started from what Maven fetched, none installed. The standalone system runs on them
 * and so do the integration tests.
 *
 * <p>This package knows servers and nothing of Tidemark: it may use no other package of the house.
 */
@NullMarked
package dev.tidemark.servers;

import org.jspecify.annotations.NullMarked;
