package dev.tidemark.pipeline.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** Pins the policy: a change of it shows as a change of the checked-in file. */
class StreamsPolicyTest {
  private final Properties policy =
      StreamsPolicy.properties(
          "entities", Delivery.EXACTLY_ONCE, StreamsSettings.of("broker:9092", Path.of("state")));

  @Test
  void thePolicyDidNotChangeByAccident() throws IOException {
    List<String> lines =
        policy.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
            .sorted()
            .toList();
    assertThat(lines).isEqualTo(checkedIn().lines().toList());
  }

  @Test
  void kafkaKnowsEverySettingOfThePolicy() {
    for (Object key : policy.keySet()) {
      String name = key.toString();
      if (name.startsWith("consumer.")) {
        assertThat(ConsumerConfig.configNames()).contains(name.substring("consumer.".length()));
      } else if (name.startsWith("producer.")) {
        assertThat(ProducerConfig.configNames()).contains(name.substring("producer.".length()));
      } else if (!name.equals(BoundedStoreMemory.BYTES)) {
        assertThat(StreamsConfig.configDef().names()).contains(name);
      }
    }
  }

  @Test
  void theClientsGetWhatThePolicySays() {
    StreamsConfig config = new StreamsConfig(policy);
    Map<String, Object> consumer = config.getMainConsumerConfigs("group", "client", 0);
    Map<String, Object> producer = config.getProducerConfigs("client");
    assertThat(consumer)
        .containsEntry("session.timeout.ms", 3_000)
        .containsEntry("heartbeat.interval.ms", 500)
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("auto.offset.reset", "earliest");
    assertThat(producer)
        .containsEntry("transaction.timeout.ms", 3_000)
        .containsEntry("linger.ms", 100)
        .containsEntry("compression.type", "lz4");
  }

  @Test
  void whoAsksForCommitsIsCommittedLessOftenUnaskedButBeforeTheBrokerGivesUp() {
    assertThat(unaskedCommit(Map.of())).isEqualTo(40L);
    assertThat(unaskedCommit(Map.of("TIDEMARK_STREAMS_COMMIT_INTERVAL_MS", "1000")))
        .isEqualTo(1_500L);
    assertThat(unaskedCommit(Map.of("TIDEMARK_STREAMS_COMMIT_INTERVAL_MS", "2000")))
        .isEqualTo(2_000L);
  }

  private static Object unaskedCommit(Map<String, String> chosen) {
    Map<String, String> environment = new HashMap<>(chosen);
    environment.put("TIDEMARK_KAFKA", "broker:9092");
    return requireNonNull(
        StreamsPolicy.properties(
                "jobs", Delivery.EXACTLY_ONCE_ON_REQUEST, StreamsSettings.from(environment, null))
            .get(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
  }

  @Test
  void aNodeAmongOthersSaysWhereItIs() {
    StreamsSettings settings =
        StreamsSettings.from(Map.of("TIDEMARK_KAFKA", "broker:9092"), "node-1:8080");
    assertThat(StreamsPolicy.config("entities", settings).getString("application.server"))
        .isEqualTo("node-1:8080");
  }

  private static String text(Object value) {
    return value instanceof Class<?> type ? type.getName() : value.toString();
  }

  private static String checkedIn() throws IOException {
    try (InputStream file = StreamsPolicyTest.class.getResourceAsStream("/runtime/policy.txt")) {
      assertThat(file).as("the checked-in policy").isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
