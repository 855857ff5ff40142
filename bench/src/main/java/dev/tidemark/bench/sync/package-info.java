/**
 * How fast batches of devices are settled, beside what the same Postgres does with the same work
 * and nothing around it. May touch the running system's doors, JDBC, and the cost of one decision.
 */
@NullMarked
package dev.tidemark.bench.sync;

import org.jspecify.annotations.NullMarked;
