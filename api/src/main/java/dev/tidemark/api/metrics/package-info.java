/** The metrics of the process, in the text that Prometheus reads. */
@NullMarked
package dev.tidemark.api.metrics;

import org.jspecify.annotations.NullMarked;
