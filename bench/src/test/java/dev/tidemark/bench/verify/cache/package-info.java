/** Tests of the checker of the cache. */
@NullMarked
package dev.tidemark.bench.verify.cache;

import org.jspecify.annotations.NullMarked;
