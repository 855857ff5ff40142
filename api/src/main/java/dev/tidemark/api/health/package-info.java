/**
 * Whether this process is alive, and whether it can do its work. A component says how it is by
 * progress, not by being there.
 */
@NullMarked
package dev.tidemark.api.health;

import org.jspecify.annotations.NullMarked;
