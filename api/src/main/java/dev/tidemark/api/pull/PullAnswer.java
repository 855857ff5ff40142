package dev.tidemark.api.pull;

import dev.tidemark.pipeline.scopelog.core.Page;
import java.time.Duration;

/**
 * A page for a caller.
 *
 * @param cursor how far the caller has read then
 * @param pollAfter when to come again, if there is no more right now
 */
public record PullAnswer(Page page, String cursor, Duration pollAfter) {}
