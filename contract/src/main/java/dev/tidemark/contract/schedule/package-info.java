/**
 * When something is due again and again: crontab lines in a time zone, through the two nights of a
 * year in which clocks are changed.
 *
 * <p>Plain values and arithmetic; knows no job, no Kafka and no clock.
 */
@NullMarked
package dev.tidemark.contract.schedule;

import org.jspecify.annotations.NullMarked;
