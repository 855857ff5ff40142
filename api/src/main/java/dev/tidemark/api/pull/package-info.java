/**
 * What devices may see, in order: the pull of changes. {@link dev.tidemark.api.pull.Changes} reads
 * a page of the scope log for a caller, {@link dev.tidemark.api.pull.Cursors} remembers in the
 * caller's hands how far it has read.
 *
 * <p>May use {@code pipeline.scopelog.core}; where the log comes from stays behind {@link
 * dev.tidemark.api.pull.ChangeFeed}.
 */
@NullMarked
package dev.tidemark.api.pull;

import org.jspecify.annotations.NullMarked;
