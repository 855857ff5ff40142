package dev.tidemark.connectors.management;

import java.time.Instant;

/**
 * Whether a process does its work.
 *
 * @param state what it is doing, in a word
 * @param detail the same in a sentence, with what to do where a person must do something
 * @param since since when
 */
public record Readiness(boolean ready, String state, String detail, Instant since) {}
