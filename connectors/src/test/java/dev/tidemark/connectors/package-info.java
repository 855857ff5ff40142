/** What holds for all edges. */
@NullMarked
package dev.tidemark.connectors;

import org.jspecify.annotations.NullMarked;
