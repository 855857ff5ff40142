/** Shows that the measuring measures, on frames and tables by hand and once on a system. */
@NullMarked
package dev.tidemark.bench.pull;

import org.jspecify.annotations.NullMarked;
