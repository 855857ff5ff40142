/**
 * Jobs over HTTP: what is wanted of them goes to the scheduler as commands, what is told of them is
 * read from this node's board.
 *
 * <p>{@link dev.tidemark.api.jobs.JobDesk} is the way to both. May use {@code pipeline.board}; no
 * Kafka, and no decision about a job.
 */
@NullMarked
package dev.tidemark.api.jobs;

import org.jspecify.annotations.NullMarked;
