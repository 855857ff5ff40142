@NullMarked
package dev.tidemark.bench.cache;

import org.jspecify.annotations.NullMarked;
