/**
 * What a record does to the log ({@link dev.tidemark.pipeline.scopelog.core.LogFold}), and what a
 * device gets next ({@link dev.tidemark.pipeline.scopelog.core.Pull}). Knows neither Kafka nor
 * RocksDB.
 */
@NullMarked
package dev.tidemark.pipeline.scopelog.core;

import org.jspecify.annotations.NullMarked;
