/** A worker against a real broker. */
@NullMarked
package dev.tidemark.connectors.jobs;

import org.jspecify.annotations.NullMarked;
