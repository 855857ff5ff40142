@NullMarked
package dev.tidemark.connectors.work.backup;

import org.jspecify.annotations.NullMarked;
