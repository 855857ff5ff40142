/**
 * What the cache costs and what it saves, each figure beside its limit in the same run. May use
 * JDBC, Kafka clients, a Redis client, JMH and the embedded servers; of the system its public
 * doors, the side door of the checker's nodes, and the cache itself where it is measured alone.
 */
@NullMarked
package dev.tidemark.bench.cache;

import org.jspecify.annotations.NullMarked;
