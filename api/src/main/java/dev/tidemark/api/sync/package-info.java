/**
 * The HTTP side of sync: reads batches of operations, says at once what is wrong with them, hands
 * the rest over and tells what became of each. {@link dev.tidemark.api.sync.Batches} is the way of
 * a batch, {@link dev.tidemark.api.sync.Ledger} what is known of operations that are through,
 * {@link dev.tidemark.api.sync.Waiters} what is waited for.
 *
 * <p>No Kafka and no JDBC: both stay behind {@link dev.tidemark.api.sync.OperationSink}, {@link
 * dev.tidemark.api.sync.Waiters} and {@link dev.tidemark.api.sync.Ledger}. {@link
 * dev.tidemark.api.sync.DeviceMemory} is kept beside the ledger.
 */
@NullMarked
package dev.tidemark.api.sync;

import org.jspecify.annotations.NullMarked;
