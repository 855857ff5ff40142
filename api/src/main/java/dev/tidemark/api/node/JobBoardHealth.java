package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.pipeline.board.JobBoard;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether this node knows of all jobs and follows them. */
record JobBoardHealth(Supplier<@Nullable JobBoard> board) implements HealthComponent {
  @Override
  public String name() {
    return "job-board";
  }

  @Override
  public Health check() {
    JobBoard running = board.get();
    return running == null ? Health.down("starting or stopping") : Healths.of(running.health());
  }
}
