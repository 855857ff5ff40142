/**
 * What crosses a topic: {@link dev.tidemark.contract.EntityKey keys}, {@link
 * dev.tidemark.contract.EntityChange changes}, the typed catalogue of {@link
 * dev.tidemark.contract.Topics topics} and their serdes.
 *
 * <p>A consumer downstream depends on this jar and nothing else, so this package may use
 * kafka-clients and Jackson, and no other package of Tidemark but {@code catalog}. What is here is
 * public and evolves by the rules in {@code docs/contract.md}.
 */
@NullMarked
package dev.tidemark.contract;

import org.jspecify.annotations.NullMarked;
