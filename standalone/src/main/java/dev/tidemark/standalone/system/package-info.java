/**
 * The whole system in one process: {@link dev.tidemark.standalone.system.Composition} says which
 * parts there are and what waits for what, {@link dev.tidemark.standalone.system.Plan} starts them
 * side by side and stops them in reverse.
 *
 * <p>May touch every module; it is the only place that knows them all.
 */
@NullMarked
package dev.tidemark.standalone.system;

import org.jspecify.annotations.NullMarked;
