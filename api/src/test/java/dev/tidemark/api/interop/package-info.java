/** Tests of what the packages are told and mean. */
@NullMarked
package dev.tidemark.api.interop;

import org.jspecify.annotations.NullMarked;
