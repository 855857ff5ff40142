/**
 * The writer: decided operations into Postgres, the row and the ledger in one transaction.
 *
 * <p>{@link dev.tidemark.connectors.write.Writer} supervises; {@code Intake} holds what Kafka
 * handed over until it is written, {@code Committer} carries it out, {@code Attempt} is one
 * transaction. May use JDBC and kafka-clients; no Debezium, no Streams, nothing of capture,
 * pipeline or api.
 */
@NullMarked
package dev.tidemark.connectors.write;

import org.jspecify.annotations.NullMarked;
