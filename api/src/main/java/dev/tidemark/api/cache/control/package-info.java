/** What operators see of the cache and do with it, over HTTP. */
@NullMarked
package dev.tidemark.api.cache.control;

import org.jspecify.annotations.NullMarked;
