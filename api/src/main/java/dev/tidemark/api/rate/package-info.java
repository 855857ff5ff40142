/** How often one address and one subject may ask. Counted in the memory of one node. */
@NullMarked
package dev.tidemark.api.rate;

import org.jspecify.annotations.NullMarked;
