/**
 * Postgres values as JSON without a change of value: numbers keep every digit, infinities and nulls
 * stay what they are. Text in, JSON out; the mapping is the one of {@code docs/contract.md}.
 *
 * <p>{@link dev.tidemark.connectors.capture.value.PostgresJson} is the pure core and knows neither
 * Debezium nor Kafka; {@link dev.tidemark.connectors.capture.value.ExactValues} plugs it into
 * Debezium.
 */
@NullMarked
package dev.tidemark.connectors.capture.value;

import org.jspecify.annotations.NullMarked;
