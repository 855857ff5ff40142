/** What becomes of devices' operations. {@code core} decides; it may touch nothing but values. */
@NullMarked
package dev.tidemark.pipeline.resolution;

import org.jspecify.annotations.NullMarked;
