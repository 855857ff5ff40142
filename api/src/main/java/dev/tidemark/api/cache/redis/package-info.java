/** The tier that all nodes share. May use Redis, and nobody else may. */
@NullMarked
package dev.tidemark.api.cache.redis;

import org.jspecify.annotations.NullMarked;
