/** Reaching a Postgres, without one. */
@NullMarked
package dev.tidemark.connectors.postgres;

import org.jspecify.annotations.NullMarked;
