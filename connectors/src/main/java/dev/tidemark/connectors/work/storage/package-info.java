/** Files by key: in an object storage, or in a directory. Knows no job and no SQL. */
@NullMarked
package dev.tidemark.connectors.work.storage;

import org.jspecify.annotations.NullMarked;
