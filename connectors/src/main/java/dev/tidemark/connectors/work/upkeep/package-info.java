/**
 * Keeps the database and the storage small and quick: what is old goes, in pieces that hold no lock
 * for long. May touch the database, the storage and what a handler knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.upkeep;

import org.jspecify.annotations.NullMarked;
