/** Tests of what readers complain of. */
@NullMarked
package dev.tidemark.bench.verify.sync.readers;

import org.jspecify.annotations.NullMarked;
