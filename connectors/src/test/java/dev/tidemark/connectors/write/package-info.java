/** The writer against a real Postgres and a real broker. */
@NullMarked
package dev.tidemark.connectors.write;

import org.jspecify.annotations.NullMarked;
