/** How readers ask a node: over HTTP, or by the side door. May use sockets. */
@NullMarked
package dev.tidemark.bench.verify.cache.wire;

import org.jspecify.annotations.NullMarked;
