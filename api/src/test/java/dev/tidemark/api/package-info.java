/** Tests of the whole api over HTTP. */
@NullMarked
package dev.tidemark.api;

import org.jspecify.annotations.NullMarked;
