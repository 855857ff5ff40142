/**
 * Who is asking, and whether they may. {@link dev.tidemark.api.security.TokenVerifier} is the only
 * judge of tokens and knows no HTTP; the rest carries its answer into Micronaut's security filter.
 */
@NullMarked
package dev.tidemark.api.security;

import org.jspecify.annotations.NullMarked;
