/**
 * From Debezium's structs straight to the bytes of a change record, without a tree in between. May
 * use Connect's data classes and the contract; no Kafka client, no SQL.
 */
@NullMarked
package dev.tidemark.connectors.capture.encoding;

import org.jspecify.annotations.NullMarked;
