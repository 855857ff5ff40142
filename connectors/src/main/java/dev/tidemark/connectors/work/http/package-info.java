/** Requests to the world outside, to hosts that may be asked only. Knows no job and no SQL. */
@NullMarked
package dev.tidemark.connectors.work.http;

import org.jspecify.annotations.NullMarked;
