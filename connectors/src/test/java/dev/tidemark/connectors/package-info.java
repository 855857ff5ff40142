/** The process of the edges, as an operator meets it. */
@NullMarked
package dev.tidemark.connectors;

import org.jspecify.annotations.NullMarked;
