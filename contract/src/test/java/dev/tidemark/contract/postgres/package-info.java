/** Reaching a Postgres, without one; asking one what queries read, with one. */
@NullMarked
package dev.tidemark.contract.postgres;

import org.jspecify.annotations.NullMarked;
