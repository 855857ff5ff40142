/** Capture against a real Postgres and a real broker. */
@NullMarked
package dev.tidemark.connectors.capture;

import org.jspecify.annotations.NullMarked;
