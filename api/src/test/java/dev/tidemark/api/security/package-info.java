/** Tests of security. */
@NullMarked
package dev.tidemark.api.security;

import org.jspecify.annotations.NullMarked;
