/**
 * Proves that no operation of a device is lost, doubled or decided on what is no longer so, while
 * every part of the system is killed and paused again and again.
 *
 * <p>{@code VerifySync} is the program. Devices and psql sessions write to the same few rows;
 * triggers of the checker's own note every change in the transaction that makes it; {@code
 * Effects}, {@code Acknowledgements}, {@code Counters} and {@code Replay}, which are pure, hold
 * ledger, rows and answers against those notes. What devices read is the matter of {@code readers}.
 * May use JDBC, Kafka clients, HTTP, the embedded servers and the pure core of the resolution; of
 * the system itself only its public doors.
 */
@NullMarked
package dev.tidemark.bench.verify.sync;

import org.jspecify.annotations.NullMarked;
