/** One log line and one measurement for each request, written when it is answered. */
@NullMarked
package dev.tidemark.api.access;

import org.jspecify.annotations.NullMarked;
