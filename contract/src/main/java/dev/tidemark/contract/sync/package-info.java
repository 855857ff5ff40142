/** What a device asks for: operations, and the words for how they may collide. */
@NullMarked
package dev.tidemark.contract.sync;

import org.jspecify.annotations.NullMarked;
