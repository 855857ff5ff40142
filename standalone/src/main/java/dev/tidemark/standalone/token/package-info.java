/** Makes tokens that the api of this machine accepts. Touches nothing but JSON and a secret. */
@NullMarked
package dev.tidemark.standalone.token;

import org.jspecify.annotations.NullMarked;
