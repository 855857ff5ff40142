/**
 * What devices are told, in order: the changes of every scope, the superseded ones left out.
 *
 * <p>{@link dev.tidemark.pipeline.scopelog.ScopeLog} keeps a whole copy of {@code
 * tidemark.scoped-change} in this process, in RocksDB; {@code core} decides what a record does to
 * the log and what a device gets next. This package may touch the Kafka consumer, RocksDB, the
 * contract and a meter registry. Reasons: {@code docs/decisions/067}.
 */
@NullMarked
package dev.tidemark.pipeline.scopelog;

import org.jspecify.annotations.NullMarked;
