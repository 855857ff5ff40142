/**
 * Where the database is, as every process of Tidemark is told, and what it says of the queries of a
 * catalog's views. Touches JDBC's interfaces only.
 */
@NullMarked
package dev.tidemark.contract.postgres;

import org.jspecify.annotations.NullMarked;
