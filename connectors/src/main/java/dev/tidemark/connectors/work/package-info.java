/**
 * The work that Tidemark can do: puts the handlers of all rooms below together with those that
 * others bring. May touch the rooms below; they do not know it.
 */
@NullMarked
package dev.tidemark.connectors.work;

import org.jspecify.annotations.NullMarked;
