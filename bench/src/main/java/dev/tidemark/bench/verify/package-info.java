/**
 * Holds capture against Postgres' own history while it is killed again and again.
 *
 * <p>{@code VerifyCapture} is the program. Writers make history, {@code History} reads it from a
 * slot of its own without Debezium, {@code ChangeTopics} reads what came out of Kafka, and {@code
 * Comparison}, which is pure, says what was lost, sent twice or out of order. May use JDBC, Kafka
 * clients and the embedded servers; of capture itself only its public door.
 */
@NullMarked
package dev.tidemark.bench.verify;

import org.jspecify.annotations.NullMarked;
