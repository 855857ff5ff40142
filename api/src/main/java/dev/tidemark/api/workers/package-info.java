/**
 * The door for workers that speak HTTP: they claim jobs by long poll, and say what came of them.
 *
 * <p>A node says of such a worker what a worker on the JVM says of itself, and keeps what the
 * scheduler orders of it until it has been heard. All that a worker is stands in each of its
 * requests, so any node answers any of them. {@link dev.tidemark.api.workers.WorkerDesk} is the way
 * to the scheduler and {@link dev.tidemark.api.workers.Orders} what comes from it. May use {@code
 * api.jobs} and {@code pipeline.board}; no Kafka, and no decision about a job.
 */
@NullMarked
package dev.tidemark.api.workers;

import org.jspecify.annotations.NullMarked;
