/** Answers of views over HTTP, and texts of them filled in. Asks the cache. */
@NullMarked
package dev.tidemark.api.views;

import org.jspecify.annotations.NullMarked;
