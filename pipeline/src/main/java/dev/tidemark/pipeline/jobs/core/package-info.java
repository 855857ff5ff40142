/**
 * What the scheduler of jobs decides, as functions of what it knows and the time it is told: where
 * a job lives, which may begin under a pace, whose turn it is.
 *
 * <p>Knows the catalog's declarations; no Kafka, no store and no clock.
 */
@NullMarked
package dev.tidemark.pipeline.jobs.core;

import org.jspecify.annotations.NullMarked;
