/**
 * What the scheduler of jobs decides: where a job lives, what may follow on what in its life, which
 * may begin under its limits, whose turn it is and who does it. {@link
 * dev.tidemark.pipeline.jobs.core.Scheduler} brings it together, and keeps what it knows in a
 * {@link dev.tidemark.pipeline.jobs.core.SortedTable}, whatever that is.
 *
 * <p>Knows the catalog's declarations and the commands; no Kafka, no store and no clock.
 */
@NullMarked
package dev.tidemark.pipeline.jobs.core;

import org.jspecify.annotations.NullMarked;
