/**
 * Where to resume and what was already sent: the pure core of exactly-once capture. Values in,
 * decisions out; no Kafka, no Debezium, no SQL.
 */
@NullMarked
package dev.tidemark.connectors.capture.position;

import org.jspecify.annotations.NullMarked;
