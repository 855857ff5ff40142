/** Reaching a Postgres, without one. */
@NullMarked
package dev.tidemark.contract.postgres;

import org.jspecify.annotations.NullMarked;
