package dev.tidemark.pipeline.runtime;

import static java.util.Objects.requireNonNull;

import dev.tidemark.pipeline.runtime.ProgressWatch.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A feature's topology at work in this process. Owns the Streams client from start to close. */
public final class RunningTopology implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningTopology.class);
  private static final Duration STALLED_AFTER = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

  private final StreamsFeature feature;
  private final KafkaStreams streams;
  private final Cluster cluster;
  private final KafkaStreamsMetrics metrics;
  private final Counter failures;
  private final InstantSource clock = InstantSource.system();
  private final ProgressWatch progress;

  /** Positions with nothing but markers and aborted records in front of them. */
  private final Set<Position> readToTheEnd = new HashSet<>();

  private final Restarts restarts = new Restarts();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> waitingAfter = new AtomicReference<>();

  /**
   * Starts the topology; it works once {@link #awaitRunning} says so.
   *
   * @throws CannotStart if the cluster lacks something that the topology needs
   */
  public static RunningTopology start(
      StreamsFeature feature, StreamsSettings settings, MeterRegistry registry) {
    return start(feature, settings, registry, STALLED_AFTER);
  }

  static RunningTopology start(
      StreamsFeature feature,
      StreamsSettings settings,
      MeterRegistry registry,
      Duration stalledAfter) {
    Cluster cluster = new Cluster(settings.kafka());
    try {
      cluster.assertReadyFor(feature);
      StreamsConfig config = StreamsPolicy.config(feature, settings);
      KafkaStreams streams = new KafkaStreams(feature.topology(config), config);
      RunningTopology topology =
          new RunningTopology(feature, streams, cluster, registry, stalledAfter);
      streams.start();
      return topology;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private RunningTopology(
      StreamsFeature feature,
      KafkaStreams streams,
      Cluster cluster,
      MeterRegistry registry,
      Duration stalledAfter) {
    this.feature = feature;
    this.streams = streams;
    this.cluster = cluster;
    progress = new ProgressWatch(stalledAfter);
    failures =
        Counter.builder("tidemark.topology.failures")
            .description("Threads of a topology that failed and were replaced")
            .tag("topology", feature.name())
            .register(registry);
    metrics = new KafkaStreamsMetrics(streams);
    metrics.bindTo(registry);
    streams.setUncaughtExceptionHandler(this::replaceThread);
    streams.setStateListener(this::onState);
  }

  /** Waits until it has joined its group and restored its stores for the first time. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    return running.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The client, for interactive queries and for where a key lives. Nobody else closes it. */
  public KafkaStreams streams() {
    return streams;
  }

  public String name() {
    return feature.name();
  }

  /** Asks the brokers, so not for a hot path. Progress counts, not a state by name. */
  public synchronized Health health() {
    Throwable failure = waitingAfter.get();
    if (failure != null) {
      return new Health.Failing("a thread failed and is about to be replaced: " + failure);
    }
    return switch (streams.state()) {
      case CREATED -> new Health.Starting("not started yet");
      case REBALANCING -> new Health.Starting("joining the group or restoring its stores");
      case RUNNING -> progress();
      case PENDING_SHUTDOWN, NOT_RUNNING -> new Health.Failing("closed");
      case PENDING_ERROR, ERROR -> new Health.Failing("stopped by an error; restart the process");
    };
  }

  /** Leaves the group at once, so that another node takes over without waiting for a timeout. */
  @Override
  public void close() {
    closing.countDown();
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_WITHIN));
    if (!closed) {
      LOG.warn(
          "topology {} did not close within {}: its stores may be restored at the next start",
          feature.name(),
          CLOSE_WITHIN);
    }
    metrics.close();
    cluster.close();
  }

  private Health progress() {
    Set<TopicPartition> mine =
        streams.metadataForLocalThreads().stream()
            .flatMap(thread -> thread.activeTasks().stream())
            .flatMap(task -> task.topicPartitions().stream())
            .collect(Collectors.toSet());
    try {
      List<Position> standing =
          progress.stalled(
              cluster.positions(StreamsPolicy.applicationId(feature.name()), mine),
              clock.instant());
      readToTheEnd.retainAll(standing);
      for (Position position : standing) {
        if (!readToTheEnd.contains(position)) {
          if (cluster.hasRecords(position)) {
            return new Health.Failing("no progress: " + position);
          }
          readToTheEnd.add(position);
        }
      }
      return new Health.Running();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return new Health.Failing("the brokers do not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Health.Failing("interrupted while asking the brokers");
    }
  }

  private StreamThreadExceptionResponse replaceThread(Throwable thrown) {
    Instant now = clock.instant();
    Duration wait = restarts.afterFailure(now);
    LOG.error(
        "a thread of topology {} failed; another takes its place in {} ms",
        feature.name(),
        wait.toMillis(),
        thrown);
    failures.increment();
    waitingAfter.set(thrown);
    try {
      if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    } finally {
      waitingAfter.set(null);
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private void onState(KafkaStreams.State now, KafkaStreams.State before) {
    requireNonNull(now, "now is null");
    LOG.info("topology {} is {} after {}", feature.name(), now, before);
    if (now == KafkaStreams.State.RUNNING) {
      running.countDown();
    }
  }
}
