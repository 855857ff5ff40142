/**
 * What every node can tell of jobs: a copy of {@code tidemark.job} and of the lines that attempts
 * write, in RocksDB, with what lists, counts and searches need; and in memory the schedules, the
 * paused queues and the workers.
 *
 * <p>{@link dev.tidemark.pipeline.board.JobBoard} follows the topics and answers; {@code core}
 * decides what a job counts as and why it does not run. This package may touch the Kafka consumer,
 * RocksDB, the contract and a meter registry. Nothing here decides about jobs.
 */
@NullMarked
package dev.tidemark.pipeline.board;

import org.jspecify.annotations.NullMarked;
