@NullMarked
package dev.tidemark.connectors.work.storage;

import org.jspecify.annotations.NullMarked;
