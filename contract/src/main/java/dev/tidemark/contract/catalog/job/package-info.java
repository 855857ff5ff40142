/**
 * Work as the catalog declares it: queues, the types of jobs that go through them, and when some of
 * them are due by themselves.
 *
 * <p>Plain values; no Kafka, no YAML, and no word of how a job is done.
 */
@NullMarked
package dev.tidemark.contract.catalog.job;

import org.jspecify.annotations.NullMarked;
