/**
 * What WatermelonDB and RxDB speak, translated: their pulls are answered from the scope log, their
 * pushes become operations that are decided like any other. What each of them demands and why is in
 * {@code clients/interop/PROTOCOL.md}.
 *
 * <p>Pure: {@link dev.tidemark.api.interop.Values} and {@link dev.tidemark.api.interop.Rows} say
 * what a row looks like to a package, {@link dev.tidemark.api.interop.WatermelonPush} and {@link
 * dev.tidemark.api.interop.RxdbPush} read what it sends. The rest are shells around them.
 *
 * <p>May use {@code api.sync} for operations, {@code api.pull} and the core of the scope log for
 * rows, and {@code api.live} to hear of news. No SQL and no Kafka.
 */
@NullMarked
package dev.tidemark.api.interop;

import org.jspecify.annotations.NullMarked;
