/** Tests of the log. */
@NullMarked
package dev.tidemark.api.log;

import org.jspecify.annotations.NullMarked;
