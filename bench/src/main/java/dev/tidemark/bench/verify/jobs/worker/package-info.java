/**
 * The worker of a run that is verified, in a process of its own: does what jobs say, and writes
 * down in Postgres what it does. May use the worker, JDBC and nothing else of the system.
 */
@NullMarked
package dev.tidemark.bench.verify.jobs.worker;

import org.jspecify.annotations.NullMarked;
