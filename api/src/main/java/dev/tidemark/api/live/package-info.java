/**
 * Changes as they land, over a WebSocket or as server-sent events. {@link
 * dev.tidemark.api.live.LiveHub} hears what comes into the log and takes it to those whose scopes
 * it is in; a {@link dev.tidemark.api.live.Subscriber} catches up from the log and then goes over
 * to that, with neither a gap nor a repetition in between.
 *
 * <p>May use {@code api.pull} and the core of the scope log; Kafka stays in {@code api.node}.
 */
@NullMarked
package dev.tidemark.api.live;

import org.jspecify.annotations.NullMarked;
