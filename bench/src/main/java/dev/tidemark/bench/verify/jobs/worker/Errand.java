package dev.tidemark.bench.verify.jobs.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a job of the run is told to do.
 *
 * @param nonce what tells it from all others that are asked for; empty for those of schedules
 * @param millis how long it takes
 * @param fails so many attempts fail
 * @param steps how often it saves where it is
 * @param deaf whether it does not heed an interruption
 * @param isFinal whether it fails so that no attempt can do better
 */
public record Errand(
    @JsonProperty("nonce") String nonce,
    @JsonProperty("millis") int millis,
    @JsonProperty("fails") int fails,
    @JsonProperty("steps") int steps,
    @JsonProperty("deaf") boolean deaf,
    @JsonProperty("final") boolean isFinal) {}
