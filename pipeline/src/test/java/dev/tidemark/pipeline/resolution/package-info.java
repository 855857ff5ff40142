/** Tests of the resolver's shell against a database by its contract. */
@NullMarked
package dev.tidemark.pipeline.resolution;

import org.jspecify.annotations.NullMarked;
