package dev.tidemark.connectors.work.probe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.http.Pause;
import java.io.IOException;
import java.time.Duration;

/**
 * {@code probe}: goes a number of steps and says so, and fails as often as it is told to. Input:
 * {@code {"steps": 10, "step": "1s", "failures": 0, "give_up": false}}.
 */
public final class Probe implements JobHandler<ObjectNode, Probe.Went> {
  private static final int MOST = 10_000;

  /** As far as it went, in the attempt that did. */
  record Went(int steps, int attempt) {}

  private final Pause pause;

  public Probe(Pause pause) {
    this.pause = pause;
  }

  @Override
  public String type() {
    return "probe";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Went run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    int steps = given.integer("steps", 10, 0, MOST);
    Duration step = given.duration("step", Duration.ofSeconds(1), Duration.ZERO);
    int failures = given.integer("failures", 0, 0, MOST);
    boolean givesUp = given.flag("give_up");
    for (int gone = 0; gone < steps; gone++) {
      context.checkpoint();
      context.progress(gone * 100 / steps, "step %,d of %,d".formatted(gone + 1, steps));
      context.log("step %,d of %,d".formatted(gone + 1, steps));
      pause.pause(step);
    }
    context.checkpoint();
    if (givesUp) {
      throw new FinalError("it was told to give up");
    }
    if (context.attempt() <= failures) {
      throw new IOException("attempt %,d was told to fail".formatted(context.attempt()));
    }
    return new Went(steps, context.attempt());
  }
}
