@NullMarked
package dev.tidemark.api.workers;

import org.jspecify.annotations.NullMarked;
