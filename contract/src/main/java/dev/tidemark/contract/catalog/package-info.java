/**
 * The catalog: one YAML file that declares entity types, their tables, keys, scopes, references and
 * merge policies, and the views whose answers are kept. Nothing else in Tidemark knows a table by
 * name.
 *
 * <p>Plain values and their reader; no Kafka, no SQL.
 */
@NullMarked
package dev.tidemark.contract.catalog;

import org.jspecify.annotations.NullMarked;
