@NullMarked
package dev.tidemark.connectors.work.upkeep;

import org.jspecify.annotations.NullMarked;
