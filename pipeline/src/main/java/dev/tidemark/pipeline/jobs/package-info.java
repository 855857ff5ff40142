/** The scheduler of jobs as a topology. May use Kafka; {@code core} decides. */
@NullMarked
package dev.tidemark.pipeline.jobs;

import org.jspecify.annotations.NullMarked;
