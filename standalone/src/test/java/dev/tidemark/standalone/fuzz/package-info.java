/** Requests that nobody would send by accident, at a whole system. */
@NullMarked
package dev.tidemark.standalone.fuzz;

import org.jspecify.annotations.NullMarked;
