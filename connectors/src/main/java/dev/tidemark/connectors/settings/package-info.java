/** Reads what a process of the edges is told by its environment. Touches the JDK only. */
@NullMarked
package dev.tidemark.connectors.settings;

import org.jspecify.annotations.NullMarked;
