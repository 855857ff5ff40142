/** Connections to Postgres, for those few packages that speak SQL. */
@NullMarked
package dev.tidemark.api.database;

import org.jspecify.annotations.NullMarked;
