package dev.tidemark.api.node;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.workers.Orders;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.pipeline.board.BoardSettings;
import dev.tidemark.pipeline.board.JobBoard;
import dev.tidemark.pipeline.jobs.JobsTopology;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What a node has for jobs: a share of the scheduler, a board of all that is told, and what workers
 * that speak HTTP are to do.
 *
 * @param partitions how many the scheduler has
 */
record JobParts(
    RunningTopology topology, JobBoard board, int partitions, OrderTail orders, Admin admin)
    implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;
  private static final long BEHIND_SECONDS = 5;

  static JobParts start(
      JobCatalog catalog,
      StreamsSettings settings,
      Orders orders,
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
      OrderTail tail = new OrderTail(settings.kafka(), orders, board, clock);
      return new JobParts(topology, board, partitions, tail, admin);
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

  /** Waits until the board shows what has been told of jobs by now. */
  void present() {
    try {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      board.partitions().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get(BEHIND_SECONDS, TimeUnit.SECONDS)
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      if (!board.awaitPresent(ends, Duration.ofSeconds(BEHIND_SECONDS))) {
        throw new AwayException("this node is behind with what is told of jobs", null);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new AwayException("the brokers do not say what has been told of jobs", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    }
  }

  @Override
  public void close() {
    orders.close();
    topology.close();
    board.close();
  }
}
