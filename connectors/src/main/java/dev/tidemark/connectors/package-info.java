/**
 * The process of the edges: reads its settings, waits for the broker, runs capture, answers for its
 * health. May touch every package below it and the contract.
 */
@NullMarked
package dev.tidemark.connectors;

import org.jspecify.annotations.NullMarked;
