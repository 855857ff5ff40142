package dev.tidemark.standalone.cli;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "topics",
    description = {
      "Lists the topics.",
      "Shown are partitions, how many offsets they hold, and what is in them.",
      "Offsets count transaction markers too, so there are somewhat fewer records.",
      ""
    })
final class TopicsCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    Home home = data.home();
    Running running = home.requireRunning();
    Map<String, String> purposes = new HashMap<>();
    for (Topic<?, ?> topic : Topics.of(UpCommand.read(Path.of(running.catalog())))) {
      purposes.put(topic.name(), topic.purpose());
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", running.kafka()))) {
      List<String> names = admin.listTopics().names().get().stream().sorted().toList();
      Map<String, TopicDescription> topics =
          new TreeMap<>(admin.describeTopics(names).allTopicNames().get());
      Map<TopicPartition, OffsetSpec> first = new HashMap<>();
      Map<TopicPartition, OffsetSpec> last = new HashMap<>();
      topics.forEach(
          (name, topic) ->
              topic
                  .partitions()
                  .forEach(
                      partition -> {
                        TopicPartition place = new TopicPartition(name, partition.partition());
                        first.put(place, OffsetSpec.earliest());
                        last.put(place, OffsetSpec.latest());
                      }));
      Map<String, Long> held = new HashMap<>();
      count(held, admin.listOffsets(last).all().get(), 1);
      count(held, admin.listOffsets(first).all().get(), -1);
      out().printf("%-44s %10s %12s  %s%n", "TOPIC", "PARTITIONS", "OFFSETS", "WHAT");
      topics.forEach(
          (name, topic) ->
              out()
                  .printf(
                      "%-44s %10d %12d  %s%n",
                      name,
                      topic.partitions().size(),
                      held.getOrDefault(name, 0L),
                      purposes.getOrDefault(name, "internal to a topology")));
    }
    return 0;
  }

  private static void count(
      Map<String, Long> held, Map<TopicPartition, ListOffsetsResultInfo> offsets, int sign) {
    offsets.forEach(
        (place, offset) -> held.merge(place.topic(), sign * offset.offset(), Long::sum));
  }
}
