package dev.tidemark.api.node;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.pipeline.board.BoardSettings;
import dev.tidemark.pipeline.board.JobBoard;
import dev.tidemark.pipeline.jobs.JobsTopology;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What a node has for jobs: a share of the scheduler, and a board of all that is told.
 *
 * @param partitions how many the scheduler has
 */
record JobParts(RunningTopology topology, JobBoard board, int partitions) implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  static JobParts start(
      JobCatalog catalog,
      StreamsSettings settings,
      Admin admin,
      MeterRegistry meters,
      InstantSource clock) {
    int partitions = partitions(admin);
    JobBoard board =
        JobBoard.start(
            BoardSettings.of(settings.kafka(), settings.stateDirectory()),
            catalog,
            admin,
            meters,
            clock);
    try {
      RunningTopology topology =
          RunningTopology.start(new JobsTopology(catalog, partitions, meters), settings, meters);
      return new JobParts(topology, board, partitions);
    } catch (RuntimeException e) {
      board.close();
      throw e;
    }
  }

  /** As many as the topic has: jobs do not move. */
  private static int partitions(Admin admin) {
    try {
      return admin
          .describeTopics(List.of(Topics.JOB_COMMAND.name()))
          .allTopicNames()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .values()
          .iterator()
          .next()
          .partitions()
          .size();
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the brokers do not tell of " + Topics.JOB_COMMAND.name(), e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public void close() {
    topology.close();
    board.close();
  }
}
