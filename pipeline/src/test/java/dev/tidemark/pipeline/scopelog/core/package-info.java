@NullMarked
package dev.tidemark.pipeline.scopelog.core;

import org.jspecify.annotations.NullMarked;
