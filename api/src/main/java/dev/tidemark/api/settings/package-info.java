/**
 * Reads typed settings out of environment variables and says in a sentence what is wrong with one.
 * The settings themselves are records that live with what they set. Plain Java only.
 */
@NullMarked
package dev.tidemark.api.settings;

import org.jspecify.annotations.NullMarked;
