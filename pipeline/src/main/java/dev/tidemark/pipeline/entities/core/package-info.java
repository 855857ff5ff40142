/**
 * What a committed change does to the known state of its entity. Values and functions: no Kafka, no
 * metrics, no logging, no clock.
 */
@NullMarked
package dev.tidemark.pipeline.entities.core;

import org.jspecify.annotations.NullMarked;
