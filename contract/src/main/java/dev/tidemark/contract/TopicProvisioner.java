package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics that are missing and checks those that exist; changes none.
 *
 * <p>A difference is a value with sentences in it. What is thrown, as a {@link KafkaException}, is
 * an outage: the cluster did not answer in time.
 */
public final class TopicProvisioner {
  private static final String TRANSACTION_VERSION = "transaction.version";
  private static final int LEAST_TRANSACTION_VERSION = 2;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Admin admin;
  private final int entityPartitions;
  private final short replication;

  /**
   * @param admin stays the caller's to close
   * @param entityPartitions over how many partitions a topic about entities is spread
   * @param replication how many brokers hold each record
   */
  public TopicProvisioner(Admin admin, int entityPartitions, int replication) {
    this.admin = requireNonNull(admin, "admin is null");
    if (entityPartitions < 1) {
      throw new IllegalArgumentException(entityPartitions + " partitions are too few");
    }
    if (replication < 1 || replication > Short.MAX_VALUE) {
      throw new IllegalArgumentException("a replication of " + replication + " is impossible");
    }
    this.entityPartitions = entityPartitions;
    this.replication = (short) replication;
  }

  /** As {@link #provision(Collection)}, with an admin client of its own for the time it takes. */
  public static Provisioning provision(
      String bootstrapServers,
      Collection<Topic<?, ?>> topics,
      int entityPartitions,
      int replication) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      return new TopicProvisioner(admin, entityPartitions, replication).provision(topics);
    }
  }

  /** Makes the cluster's topics these, as far as creating goes. Safe to do from several at once. */
  public Provisioning provision(Collection<Topic<?, ?>> topics) {
    Map<String, Topic<?, ?>> wanted = new LinkedHashMap<>();
    topics.forEach(topic -> wanted.put(topic.name(), topic));
    Collection<String> existing = describe(wanted.keySet()).keySet();
    List<Topic<?, ?>> missing =
        wanted.values().stream().filter(topic -> !existing.contains(topic.name())).toList();

    List<String> created = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    create(missing, created, complaints);
    if (!complaints.isEmpty()) {
      return new Provisioning.Unfit(complaints);
    }
    Map<String, TopicDescription> descriptions = awaitAll(wanted.keySet());
    Map<String, Config> configs = configs(wanted.keySet());
    for (Topic<?, ?> topic : wanted.values()) {
      complaints.addAll(
          complaints(
              topic,
              requireNonNull(descriptions.get(topic.name())).partitions().size(),
              values(requireNonNull(configs.get(topic.name())))));
    }
    return complaints.isEmpty()
        ? new Provisioning.Ready(created, wanted.size() - created.size())
        : new Provisioning.Unfit(complaints);
  }

  /**
   * Whether the cluster's transactions are of the kind that tells a stale producer from a live one
   * on every record. With older ones a transaction may hang, or take in a record of its
   * predecessor.
   */
  public Provisioning.Features features() {
    Map<String, FinalizedVersionRange> finalized =
        get(admin.describeFeatures().featureMetadata()).finalizedFeatures();
    FinalizedVersionRange range = finalized.get(TRANSACTION_VERSION);
    int level = range == null ? 0 : range.maxVersionLevel();
    return level >= LEAST_TRANSACTION_VERSION
        ? new Provisioning.Features.Sufficient(level)
        : new Provisioning.Features.Insufficient(
            "the cluster's feature %s is %d, and exactly-once delivery needs %d; run: kafka-features.sh --bootstrap-server HOST:PORT upgrade --feature %s=%d"
                .formatted(
                    TRANSACTION_VERSION,
                    level,
                    LEAST_TRANSACTION_VERSION,
                    TRANSACTION_VERSION,
                    LEAST_TRANSACTION_VERSION));
  }

  /** The configuration that a topic is created with. */
  static Map<String, String> configuration(Topic<?, ?> topic, int replication) {
    Map<String, String> configuration = new LinkedHashMap<>(topic.retention().configuration());
    configuration.put("max.message.bytes", Integer.toString(topic.maxRecordBytes()));
    configuration.put("min.insync.replicas", replication >= 3 ? "2" : "1");
    return configuration;
  }

  private List<String> complaints(
      Topic<?, ?> topic, int partitions, Map<String, String> configuration) {
    return TopicCheck.complaints(topic, entityPartitions, partitions, configuration);
  }

  private void create(List<Topic<?, ?>> missing, List<String> created, List<String> complaints) {
    if (missing.isEmpty()) {
      return;
    }
    Map<String, KafkaFuture<Void>> creations =
        admin
            .createTopics(
                missing.stream()
                    .map(
                        topic ->
                            new NewTopic(
                                    topic.name(), topic.partitions(entityPartitions), replication)
                                .configs(configuration(topic, replication)))
                    .toList())
            .values();
    creations.forEach(
        (name, creation) -> {
          try {
            get(creation);
            created.add(name);
          } catch (TopicExistsException alreadyThere) {
            // Another process was faster: the check that follows looks at what it made.
          } catch (RetriableException outage) {
            throw outage;
          } catch (ApiException refusal) {
            complaints.add("topic %s cannot be created: %s".formatted(name, refusal.getMessage()));
          }
        });
  }

  /** Brokers learn of a new topic one after the other; whoever starts next must find it. */
  private Map<String, TopicDescription> awaitAll(Collection<String> names) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      Map<String, TopicDescription> descriptions = describe(names);
      if (descriptions.size() == names.size()) {
        return descriptions;
      }
      if (System.nanoTime() - deadline > 0) {
        List<String> unseen = names.stream().filter(n -> !descriptions.containsKey(n)).toList();
        throw new org.apache.kafka.common.errors.TimeoutException(
            "the brokers do not show the topics " + unseen + " after " + TIMEOUT);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptException("interrupted while waiting for topics");
      }
    }
  }

  private Map<String, TopicDescription> describe(Collection<String> names) {
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach(
            (name, description) -> {
              try {
                found.put(name, get(description));
              } catch (UnknownTopicOrPartitionException absent) {
                // Absent is an answer, and the caller counts what is missing.
              }
            });
    return found;
  }

  private Map<String, Config> configs(Collection<String> names) {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return get(admin.describeConfigs(resources).all()).entrySet().stream()
        .collect(toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
  }

  private static Map<String, String> values(Config config) {
    Map<String, String> values = new HashMap<>();
    config.entries().forEach(entry -> values.put(entry.name(), entry.value()));
    return values;
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(
          "the cluster did not answer within " + TIMEOUT, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
