package dev.tidemark.connectors.work.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.jobs.NewJob;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.contract.WireSerdes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code receive_webhook}: keeps what another program has told us, once, in {@code
 * tidemark.inbound}, and begins what follows. Whoever submits the job has verified the signature.
 * Input: {@code {"source": "integration/1", "id": "…", "headers": {…}, "body": "the text"}}.
 *
 * <p>A source {@code integration/(id)} is a sales platform: what its body calls {@code topic}, as
 * {@code orders/updated}, says what is read from it now; without one, everything is.
 */
final class ReceiveWebhook implements JobHandler<ObjectNode, ReceiveWebhook.Received> {
  private static final int LONGEST_BODY = 256 * 1024;
  private static final Pattern INTEGRATION = Pattern.compile("integration/([0-9]{1,9})");
  private static final Pattern SOURCE = Pattern.compile("[a-z0-9_-]+(/[a-z0-9_-]+)?");
  private static final List<String> KINDS = List.of("products", "inventory", "orders");

  /**
   * What came of it.
   *
   * @param known whether it had been told before
   * @param jobs the jobs that were submitted
   */
  record Received(boolean known, List<String> jobs) {}

  private final WorkDatabase database;

  ReceiveWebhook(WorkDatabase database) {
    this.database = database;
  }

  @Override
  public String type() {
    return "receive_webhook";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Received run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    String source = given.text("source", 100);
    if (!SOURCE.matcher(source).matches()) {
      throw new FinalError("source has to look like integration/1");
    }
    String id = given.text("id", 200);
    String body = given.text("body", LONGEST_BODY);
    String headers = given.raw("headers") instanceof ObjectNode object ? object.toString() : "{}";
    if (id.indexOf('\0') >= 0 || body.indexOf('\0') >= 0 || headers.contains("\\u0000")) {
      throw new FinalError("it holds the character U+0000");
    }
    boolean isNew;
    try (Connection connection = database.open(type())) {
      isNew = keep(connection, source, id, headers, body);
    }
    Matcher integration = INTEGRATION.matcher(source);
    // Submitted in each attempt: the one that kept it may have died before. The name makes it one.
    List<String> jobs =
        integration.matches()
            ? submit(Integer.parseInt(integration.group(1)), topic(body), context)
            : List.of();
    return new Received(!isNew, jobs);
  }

  private static boolean keep(
      Connection connection, String source, String id, String headers, String body)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO tidemark.inbound (source, id, headers, body) VALUES (?, ?, ?::jsonb, ?)"
                + " ON CONFLICT (source, id) DO NOTHING")) {
      insert.setString(1, source);
      insert.setString(2, id);
      insert.setString(3, headers);
      insert.setString(4, body);
      return insert.executeUpdate() == 1;
    }
  }

  private static String topic(String body) {
    try {
      JsonNode json = WireSerdes.exactJson().readTree(body);
      return json.path("topic").asText("").toLowerCase(Locale.ROOT);
    } catch (JsonProcessingException _) {
      return "";
    }
  }

  private static List<String> submit(int integration, String topic, JobContext context) {
    List<String> named = KINDS.stream().filter(kind -> isAbout(topic, kind)).toList();
    List<String> jobs = new ArrayList<>();
    for (String kind : named.isEmpty() ? KINDS : named) {
      ObjectNode child = WireSerdes.exactJson().createObjectNode();
      child.put("integration_id", integration);
      jobs.add(
          context.submit(
              kind,
              new NewJob(
                  "sync_" + kind,
                  child,
                  Optional.of("integration " + integration),
                  Optional.empty(),
                  OptionalInt.empty(),
                  Optional.empty())));
    }
    return jobs;
  }

  private static boolean isAbout(String topic, String kind) {
    return topic.equals(kind) || topic.startsWith(kind + "/");
  }
}
