/**
 * What a job counts as, how queues have done of late, and why a job does not run. Plain values and
 * arithmetic: no Kafka, no store, no clock.
 */
@NullMarked
package dev.tidemark.pipeline.board.core;

import org.jspecify.annotations.NullMarked;
