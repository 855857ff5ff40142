/**
 * How Tidemark reaches a Postgres: the URL it was given and the connections opened with it. May use
 * the JDBC driver; knows nothing of Kafka or of capture.
 */
@NullMarked
package dev.tidemark.connectors.postgres;

import org.jspecify.annotations.NullMarked;
