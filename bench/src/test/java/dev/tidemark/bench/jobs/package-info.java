/** The scheduler and workers together. */
@NullMarked
package dev.tidemark.bench.jobs;

import org.jspecify.annotations.NullMarked;
