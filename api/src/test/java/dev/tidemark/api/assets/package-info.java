/** Tests of assets. */
@NullMarked
package dev.tidemark.api.assets;

import org.jspecify.annotations.NullMarked;
