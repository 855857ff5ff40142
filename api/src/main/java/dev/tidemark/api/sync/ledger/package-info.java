/** Reads Tidemark's own tables in Postgres. May use JDBC and the pool, and nobody else may. */
@NullMarked
package dev.tidemark.api.sync.ledger;

import org.jspecify.annotations.NullMarked;
