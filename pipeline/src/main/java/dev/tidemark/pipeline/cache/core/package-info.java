/**
 * Which answers a change makes untrue, and which snapshots know better. Knows no Kafka and no
 * clock.
 */
@NullMarked
package dev.tidemark.pipeline.cache.core;

import org.jspecify.annotations.NullMarked;
