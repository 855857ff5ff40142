@NullMarked
package dev.tidemark.connectors.capture.encoding;

import org.jspecify.annotations.NullMarked;
