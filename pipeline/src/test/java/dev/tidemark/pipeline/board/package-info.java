/** Tests of what nodes tell of jobs. */
@NullMarked
package dev.tidemark.pipeline.board;

import org.jspecify.annotations.NullMarked;
