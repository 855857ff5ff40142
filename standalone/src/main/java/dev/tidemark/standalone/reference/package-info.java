/**
 * The reference catalog of five products: its file, the tables behind it and sample rows.
 *
 * <p>May use Flyway and the contract's catalog. Whoever brings a catalog and a database of their
 * own never comes through here.
 */
@NullMarked
package dev.tidemark.standalone.reference;

import org.jspecify.annotations.NullMarked;
