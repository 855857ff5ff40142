/** Pages for people: what a browser shows at the addresses that problems name. */
@NullMarked
package dev.tidemark.api.pages;

import org.jspecify.annotations.NullMarked;
