/** Where the database is, as every process of Tidemark is told. Touches JDBC's interfaces only. */
@NullMarked
package dev.tidemark.contract.postgres;

import org.jspecify.annotations.NullMarked;
