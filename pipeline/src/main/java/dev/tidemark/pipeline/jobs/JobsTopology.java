package dev.tidemark.pipeline.jobs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.pipeline.runtime.Delivery;
import dev.tidemark.pipeline.runtime.LimitedSerde;
import dev.tidemark.pipeline.runtime.StreamsFeature;
import dev.tidemark.pipeline.runtime.TopologyStory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of jobs: commands in, what becomes of jobs and what workers are to do out. Each
 * partition has a scheduler of its own, whose state and decisions are one transaction.
 */
public final class JobsTopology implements StreamsFeature {
  public static final String NAME = "jobs";

  static final String STORE = "jobs";
  static final String INDEX = "jobs-index";
  static final String COMMANDS = "job-commands";
  static final String SCHEDULE = "schedule";
  static final String JOBS_OUT = "jobs-as-they-are";
  static final String WORK_OUT = "work-orders";
  static final String QUEUES_OUT = "queues-as-they-are";
  static final String WORKERS_OUT = "workers-that-are-there";

  static final String SCHEDULES_OUT = "schedules-as-they-are";
  static final String JOBS_TO_DO = "jobs-to-do";

  private final JobCatalog catalog;
  private final int partitions;
  private final MeterRegistry registry;

  /**
   * @param partitions how many partitions topics that are spread have
   */
  public JobsTopology(JobCatalog catalog, int partitions, MeterRegistry registry) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.partitions = partitions;
    this.registry = requireNonNull(registry, "registry is null");
    if (catalog.types().isEmpty()) {
      throw new IllegalArgumentException("the catalog names no jobs, so there are none");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Topic<?, ?>> reads() {
    return List.of(Topics.JOB_COMMAND);
  }

  @Override
  public Delivery delivery() {
    return Delivery.EXACTLY_ONCE_ON_REQUEST;
  }

  @Override
  public Topology topology(StreamsConfig config) {
    Topology topology = new Topology(new TopologyConfig(config));
    topology.addSource(
        COMMANDS,
        Topics.JOB_COMMAND.keySerde().deserializer(),
        Topics.JOB_COMMAND.valueSerde().deserializer(),
        Topics.JOB_COMMAND.name());
    topology.addProcessor(
        SCHEDULE,
        new Schedule(
            catalog,
            partitions,
            new JobsMeters(registry),
            Duration.ofMillis(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)),
            new ConcurrentHashMap<>()),
        COMMANDS);
    sink(topology, JOBS_OUT, Topics.JOB);
    sink(topology, WORK_OUT, Topics.JOB_WORK);
    sink(topology, QUEUES_OUT, Topics.JOB_QUEUE);
    sink(topology, WORKERS_OUT, Topics.JOB_WORKER);
    sink(topology, SCHEDULES_OUT, Topics.JOB_SCHEDULE);
    topology.addSink(
        JOBS_TO_DO,
        Topics.JOB_COMMAND.name(),
        Topics.JOB_COMMAND.keySerde().serializer(),
        LimitedSerde.of(Topics.JOB_COMMAND.valueSerde()).serializer(),
        new ByPlace(),
        SCHEDULE);
    return topology;
  }

  private static <V> void sink(Topology topology, String name, Topic<String, V> topic) {
    Serde<V> limited = LimitedSerde.of(topic.valueSerde());
    topology.addSink(
        name, topic.name(), topic.keySerde().serializer(), limited.serializer(), SCHEDULE);
  }

  @Override
  public TopologyStory story() {
    return JobsStory.tell();
  }

  /** The processor with the stores that it brings along. */
  private record Schedule(
      JobCatalog catalog,
      int partitions,
      JobsMeters meters,
      Duration longestCommit,
      Map<Thread, CommitPace> paces)
      implements ProcessorSupplier<String, @Nullable JobCommand, String, Object> {
    /** What it has is replaced and deleted all the time, so compaction comes early. */
    private static final Map<String, String> CHANGELOG =
        Map.of(
            "segment.ms",
            "600000",
            "min.cleanable.dirty.ratio",
            "0.2",
            "max.message.bytes",
            Integer.toString(Topics.DEAD_LETTER.maxRecordBytes()));

    @Override
    public Processor<String, @Nullable JobCommand, String, Object> get() {
      return new JobsProcessor(catalog, partitions, meters, this::pace);
    }

    /** All partitions of a thread are committed together. */
    private CommitPace pace() {
      return paces.computeIfAbsent(
          Thread.currentThread(), _ -> new CommitPace(longestCommit, System.nanoTime()));
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
              .withCachingDisabled()
              .withLoggingEnabled(CHANGELOG),
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(INDEX), Serdes.Bytes(), Serdes.ByteArray())
              .withCachingDisabled()
              .withLoggingDisabled());
    }
  }
}
