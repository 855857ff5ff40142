package dev.tidemark.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a topic as it is with the topic as the catalogue says it. */
final class TopicCheck {
  private static final long UNLIMITED = -1;

  private TopicCheck() {}

  /** One sentence for each difference that would break a promise; none if the topic serves. */
  static List<String> complaints(
      Topic<?, ?> topic, int entityPartitions, int partitions, Map<String, String> configuration) {
    List<String> complaints = new ArrayList<>();
    int wantedPartitions = topic.partitions(entityPartitions);
    if (partitions != wantedPartitions) {
      complaints.add(
          switch (topic.spread()) {
            case BY_ENTITY ->
                "topic %s has %d partitions where %d are set; the number cannot change while records exist, as entities would move between partitions: set TIDEMARK_PARTITIONS=%d, or delete the topic and capture anew"
                    .formatted(topic, partitions, wantedPartitions, partitions);
            case SINGLE ->
                "topic %s has %d partitions and must have one, because its records have one order: delete it, and it is created anew"
                    .formatted(topic, partitions);
          });
    }
    Map<String, String> wanted = topic.retention().configuration();
    String policy = configuration.get("cleanup.policy");
    String wantedPolicy = wanted.get("cleanup.policy");
    if (wantedPolicy != null && !wantedPolicy.equals(policy)) {
      complaints.add(
          "topic %s has cleanup.policy=%s and must have %s: %s"
              .formatted(
                  topic, policy, wantedPolicy, remedy(topic, "cleanup.policy", wantedPolicy)));
    }
    for (String limit : List.of("retention.ms", "retention.bytes")) {
      String wantedLimit = wanted.get(limit);
      String limitNow = configuration.get(limit);
      if (wantedLimit != null && limitNow != null && isShorter(limitNow, wantedLimit)) {
        complaints.add(
            "topic %s has %s=%s and would lose records that must stay (%s): %s"
                .formatted(topic, limit, limitNow, wantedLimit, remedy(topic, limit, wantedLimit)));
      }
    }
    String bytes = configuration.get("max.message.bytes");
    if (bytes != null && Long.parseLong(bytes) < topic.maxRecordBytes()) {
      complaints.add(
          "topic %s takes batches of %s bytes at most and must take %d, else a large row stops its writer: %s"
              .formatted(
                  topic,
                  bytes,
                  topic.maxRecordBytes(),
                  remedy(topic, "max.message.bytes", Integer.toString(topic.maxRecordBytes()))));
    }
    return complaints;
  }

  private static boolean isShorter(String limit, String wanted) {
    long now = Long.parseLong(limit);
    long least = Long.parseLong(wanted);
    return now != UNLIMITED && (least == UNLIMITED || now < least);
  }

  private static String remedy(Topic<?, ?> topic, String setting, String value) {
    return "kafka-configs.sh --alter --topic %s --add-config %s=%s"
        .formatted(topic, setting, value);
  }
}
