package dev.tidemark.bench.verify.jobs.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a job of the run comes to.
 *
 * @param attempt which attempt says so
 * @param worker the worker that made it, as far as it knows its name
 */
public record Outcome(
    @JsonProperty("attempt") int attempt, @JsonProperty("worker") String worker) {}
