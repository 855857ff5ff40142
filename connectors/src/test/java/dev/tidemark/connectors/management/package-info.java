/** What the management port answers. */
@NullMarked
package dev.tidemark.connectors.management;

import org.jspecify.annotations.NullMarked;
