/**
 * What becomes of a device's operation, given what is known of its entity. Values and functions: no
 * Kafka, no metrics, no logging, no clock. {@link dev.tidemark.pipeline.resolution.core.Decide} is
 * the way in.
 */
@NullMarked
package dev.tidemark.pipeline.resolution.core;

import org.jspecify.annotations.NullMarked;
