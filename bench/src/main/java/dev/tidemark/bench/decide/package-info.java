/**
 * What one decision costs, by JMH. May touch the contract, the pure core of the resolution, and
 * nothing that does input or output.
 */
@NullMarked
package dev.tidemark.bench.decide;

import org.jspecify.annotations.NullMarked;
