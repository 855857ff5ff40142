/**
 * Views as the catalog declares them: what is asked of Postgres, under which key the answer is
 * kept, and which changes make it untrue.
 *
 * <p>Plain values; no Kafka, no SQL but its text, no YAML.
 */
@NullMarked
package dev.tidemark.contract.catalog.view;

import org.jspecify.annotations.NullMarked;
