package dev.tidemark.connectors.work.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * {@code cleanup_old_jobs}: asks the scheduler to forget what ended long ago. Input: {@code
 * {"older_than": "7d"}}.
 */
final class CleanupOldJobs implements JobHandler<ObjectNode, CleanupOldJobs.Asked> {
  private static final Duration OLD = Duration.ofDays(7);

  /** Jobs that ended before are forgotten. */
  record Asked(String before) {}

  private final InstantSource clock;

  CleanupOldJobs(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String type() {
    return "cleanup_old_jobs";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Asked run(ObjectNode input, JobContext context) throws Exception {
    Duration old = new Given(input).duration("older_than", OLD, Duration.ofMinutes(1));
    Instant before = clock.instant().minus(old);
    context.forgetEnded(before);
    return new Asked(before.toString());
  }
}
