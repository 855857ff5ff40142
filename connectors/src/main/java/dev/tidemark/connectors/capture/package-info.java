/**
 * Capture: every committed change of Postgres to Kafka, exactly once, in order.
 *
 * <p>{@link dev.tidemark.connectors.capture.Capture} supervises; {@code CaptureSession} is one life
 * of Debezium's connector together with one transactional producer; {@code position} decides where
 * to resume and what was sent, {@code value} keeps values exact. May use Debezium, JDBC and
 * kafka-clients; no Streams, nothing of pipeline or api.
 */
@NullMarked
package dev.tidemark.connectors.capture;

import org.jspecify.annotations.NullMarked;
