/**
 * The door for what other programs tell us. Whoever calls has no token: each call is signed, and
 * nothing of one that is not is looked at. May use {@code api.jobs}; no Kafka.
 */
@NullMarked
package dev.tidemark.api.webhooks;

import org.jspecify.annotations.NullMarked;
