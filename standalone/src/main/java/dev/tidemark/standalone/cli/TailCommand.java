package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.home.Running;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "tail",
    description = {
      "Prints the committed records of a topic as they come.",
      "A line has time, partition@offset, key, what happened, and the value as JSON.",
      ""
    },
    footer = {"", "Example: ./tidemark tail tidemark.change.ticket --from beginning --limit 3"},
    sortOptions = false)
final class TailCommand extends TidemarkCommand {
  private static final Duration POLL = Duration.ofMillis(200);

  @Mixin private DataOption data = new DataOption();

  @Parameters(paramLabel = "TOPIC", description = "The topic; ./tidemark topics lists them.")
  private String topic = "";

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      description =
          "beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z (default: ${DEFAULT-VALUE}).",
      defaultValue = "end")
  private String from = "end";

  @Option(names = "--key", paramLabel = "K", description = "Only records with this key.")
  private @Nullable String key;

  @Option(names = "--limit", paramLabel = "N", description = "Ends after so many records.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--no-follow", description = "Ends at the end of the topic.")
  private boolean noFollow;

  @Option(names = "--pretty", description = "Spreads the value over several lines.")
  private boolean pretty;

  @Override
  public Integer call() {
    Home home = data.home();
    Running running = home.requireRunning();
    TailStart start = TailStart.parse(from);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                running.kafka(),
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                "false"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          Optional.ofNullable(consumer.partitionsFor(topic)).orElse(List.of()).stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new Refusal(
            "There is no topic " + topic + ": ./tidemark topics lists those there are.");
      }
      consumer.assign(partitions);
      start.seek(consumer, partitions);
      print(consumer, partitions);
    }
    return 0;
  }

  private void print(KafkaConsumer<String, String> consumer, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    RecordLine line = new RecordLine(pretty);
    long printed = 0;
    while (printed < limit) {
      for (ConsumerRecord<String, String> found : consumer.poll(POLL)) {
        if (printed < limit && (key == null || key.equals(found.key()))) {
          out().println(line.of(found));
          printed++;
        }
      }
      out().flush();
      boolean atEnd =
          ends.entrySet().stream()
              .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
      if (out().checkError() || (noFollow && atEnd)) {
        return;
      }
    }
  }
}
