package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.NewJob;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code sync_all_integrations}: submits a job for each kind of each integration that is enabled;
 * products first, because stock and orders want them. Input: {@code {"options": {"full": true}}} or
 * nothing.
 */
final class SyncAll implements JobHandler<ObjectNode, SyncAll.Submitted> {
  private static final List<String> KINDS = List.of("products", "inventory", "orders");

  /** The ids of the jobs. */
  record Submitted(List<String> jobs) {}

  private final WorkDatabase database;

  SyncAll(WorkDatabase database) {
    this.database = database;
  }

  @Override
  public String type() {
    return "sync_all_integrations";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Submitted run(ObjectNode input, JobContext context) throws Exception {
    boolean full = new Given(input).within("options").flag("full");
    List<Integer> integrations;
    try (Connection connection = database.open(type())) {
      integrations = Integration.enabled(connection);
    }
    List<String> jobs = new ArrayList<>();
    for (String kind : KINDS) {
      for (int id : integrations) {
        context.checkpoint();
        ObjectNode child = input.objectNode();
        child.put("integration_id", id);
        child.putObject("options").put("full", full);
        jobs.add(
            context.submit(
                kind + " " + id,
                new NewJob(
                    "sync_" + kind,
                    child,
                    Optional.of("integration " + id),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty())));
        context.progress(
            100 * jobs.size() / (KINDS.size() * integrations.size()),
            jobs.size() + " jobs submitted");
      }
    }
    return new Submitted(jobs);
  }
}
