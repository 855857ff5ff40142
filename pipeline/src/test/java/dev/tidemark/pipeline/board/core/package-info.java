/** Tests of what a job counts as and why it does not run. */
@NullMarked
package dev.tidemark.pipeline.board.core;

import org.jspecify.annotations.NullMarked;
