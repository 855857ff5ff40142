@NullMarked
package dev.tidemark.bench.verify.sync;

import org.jspecify.annotations.NullMarked;
