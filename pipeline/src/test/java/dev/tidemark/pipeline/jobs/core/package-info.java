@NullMarked
package dev.tidemark.pipeline.jobs.core;

import org.jspecify.annotations.NullMarked;
