/**
 * How fast capture is, beside its limit and its peers on the same machine in the same minutes. May
 * touch everything but the api.
 */
@NullMarked
package dev.tidemark.bench.capture;

import org.jspecify.annotations.NullMarked;
