/** Values, without servers. */
@NullMarked
package dev.tidemark.connectors.capture.value;

import org.jspecify.annotations.NullMarked;
