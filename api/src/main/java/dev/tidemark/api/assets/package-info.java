/**
 * Files that pages consist of, each at an address that has a hash of its content and so may be kept
 * for ever. They hold nothing of a deployment and need no token.
 */
@NullMarked
package dev.tidemark.api.assets;

import org.jspecify.annotations.NullMarked;
