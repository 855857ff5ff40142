/** Shows that the checker is not blind, and runs it for a few rounds. */
@NullMarked
package dev.tidemark.bench.verify;

import org.jspecify.annotations.NullMarked;
