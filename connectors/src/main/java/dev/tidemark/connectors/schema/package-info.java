/** The tables that Tidemark keeps in the source database. Touches JDBC and the contract only. */
@NullMarked
package dev.tidemark.connectors.schema;

import org.jspecify.annotations.NullMarked;
