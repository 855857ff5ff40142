/**
 * Copies of the database in the storage, and back. With {@code pg_dump} where there is one; else an
 * archive of our own: the rows as {@code COPY} writes them, of one snapshot, for a database whose
 * tables have been made. May touch the database, the storage and what a handler knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.backup;

import org.jspecify.annotations.NullMarked;
