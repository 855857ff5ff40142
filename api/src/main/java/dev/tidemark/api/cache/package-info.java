/**
 * Answers of views, kept in this process and in Redis until a change makes them untrue. Knows
 * neither HTTP nor Kafka: the node tells it what became untrue and how fresh that knowledge is.
 * {@code redis} may use Redis, {@code source} may use SQL.
 */
@NullMarked
package dev.tidemark.api.cache;

import org.jspecify.annotations.NullMarked;
