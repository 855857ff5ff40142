/** Asks Postgres what a view shows. May use SQL. */
@NullMarked
package dev.tidemark.api.cache.source;

import org.jspecify.annotations.NullMarked;
