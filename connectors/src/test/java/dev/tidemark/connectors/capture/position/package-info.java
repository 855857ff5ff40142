/** The pure core of capture, without servers. */
@NullMarked
package dev.tidemark.connectors.capture.position;

import org.jspecify.annotations.NullMarked;
