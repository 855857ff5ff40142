package dev.tidemark.standalone.cli;

import dev.tidemark.contract.CaptureCommand;
import dev.tidemark.contract.CaptureCommand.Action;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.home.Running;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "capture",
    description = {"Asks something of capture while it runs.", ""})
final class CaptureCommands extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  /** What can be asked. */
  enum Asked {
    SNAPSHOT,
    ACCEPT
  }

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      description = {
        "snapshot: reads the whole table once more, between the changes;",
        "accept: takes the table's present shape as the valid one and resumes it."
      })
  private Asked asked = Asked.SNAPSHOT;

  @Parameters(index = "1", paramLabel = "TYPE", description = "The entity type.")
  private String type = "";

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    Running running = data.home().requireRunning();
    Catalog catalog = UpCommand.read(Path.of(running.catalog()));
    if (catalog.types().stream().map(EntityType::name).noneMatch(type::equals)) {
      throw new Refusal("The catalog has no entity type " + type + ".");
    }
    try (KafkaProducer<String, CaptureCommand> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", running.kafka()),
            Topics.CAPTURE_COMMAND.keySerde().serializer(),
            Topics.CAPTURE_COMMAND.valueSerde().serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.CAPTURE_COMMAND.name(),
                  type,
                  new CaptureCommand(Action.valueOf(asked.name()), type)))
          .get();
    }
    out().println("Asked. ./tidemark status shows how capture is.");
    return 0;
  }
}
