@NullMarked
package dev.tidemark.connectors.work;

import org.jspecify.annotations.NullMarked;
