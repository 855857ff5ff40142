/** Looks after the cache: warms it, and holds it against the truth. */
@NullMarked
package dev.tidemark.api.cache.tend;

import org.jspecify.annotations.NullMarked;
