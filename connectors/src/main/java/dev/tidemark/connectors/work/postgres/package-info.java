/**
 * The database as jobs see it: connections that cannot hang, and the tables that jobs keep for
 * themselves in schema {@code tidemark}. Touches JDBC and the contract only.
 */
@NullMarked
package dev.tidemark.connectors.work.postgres;

import org.jspecify.annotations.NullMarked;
