package dev.tidemark.standalone.system;

import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.standalone.home.Refusal;
import java.util.function.Supplier;

/** The topics of the catalog, made where they are missing. */
final class TopicsPart implements Part {
  private final Supplier<String> kafka;
  private final Catalog catalog;
  private final int partitions;
  private String where = "";

  TopicsPart(Supplier<String> kafka, Catalog catalog, int partitions) {
    this.kafka = kafka;
    this.catalog = catalog;
    this.partitions = partitions;
  }

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public void start() {
    where =
        switch (TopicProvisioner.provision(kafka.get(), Topics.of(catalog), partitions, 1)) {
          case Provisioning.Ready ready ->
              ready.created().isEmpty()
                  ? ready.found() + " topics"
                  : ready.found()
                      + ready.created().size()
                      + " topics, "
                      + ready.created().size()
                      + " of them new";
          case Provisioning.Unfit unfit ->
              throw new Refusal(
                  "The topics do not fit:\n  " + String.join("\n  ", unfit.complaints()));
        };
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public void close() {}
}
