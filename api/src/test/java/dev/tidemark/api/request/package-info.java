/** Tests of what accompanies a request. */
@NullMarked
package dev.tidemark.api.request;

import org.jspecify.annotations.NullMarked;
