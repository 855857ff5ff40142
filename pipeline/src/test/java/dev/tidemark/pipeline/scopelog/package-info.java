@NullMarked
package dev.tidemark.pipeline.scopelog;

import org.jspecify.annotations.NullMarked;
