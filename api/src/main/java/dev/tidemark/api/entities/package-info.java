/**
 * Answers what an entity is now: from the store of this node, or from the node that owns the
 * entity. {@link dev.tidemark.api.entities.Locate} says where, {@link
 * dev.tidemark.api.entities.LocalRead} what was found; that nothing was found is only said when it
 * is certain.
 *
 * <p>May use the state of {@code pipeline.entities}; Kafka stays behind {@link
 * dev.tidemark.api.entities.EntityStates}.
 */
@NullMarked
package dev.tidemark.api.entities;

import org.jspecify.annotations.NullMarked;
