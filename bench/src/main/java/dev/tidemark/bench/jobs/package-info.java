/**
 * {@code ./tidemark bench jobs}: how fast jobs are done, by Tidemark and by schedulers that keep
 * theirs in Postgres. A contestant's processes are started, given jobs and killed from here; what
 * runs in them is its own. May touch the embedded servers, topics and commands of jobs, and clients
 * of Kafka and of the peers.
 */
@NullMarked
package dev.tidemark.bench.jobs;

import org.jspecify.annotations.NullMarked;
