package dev.tidemark.connectors.work.notice;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Pushes to devices of the field, a message for each token of each that is active.
 *
 * <ul>
 *   <li>{@code notify_push}: {@code {"device_id": "…", "title": "…", "body": "…"}}
 *   <li>{@code notify_sync_conflict}: {@code {"operation": "…"}}, for the device that sent it
 *   <li>{@code notify_report_ready}: {@code {"report_id": 1}}, for the municipality's devices
 * </ul>
 */
final class NotifyDevices implements JobHandler<ObjectNode, NotifyDevices.Told> {
  /** How many messages there are. */
  record Told(int messages) {}

  /** What to tell whom. */
  private record News(
      String key, String devices, String parameter, String subject, String body, String about) {}

  /** How the input becomes news. */
  private enum Kind {
    PUSH,
    SYNC_CONFLICT,
    REPORT_READY
  }

  private static final String ONE_DEVICE =
      "SELECT push_tokens FROM field.devices WHERE active AND id::text = ?";
  private static final String OF_MUNICIPALITY =
      "SELECT push_tokens FROM field.devices WHERE active AND municipality_id::text = ? ORDER BY id";

  private final WorkDatabase database;
  private final Courier courier;
  private final Kind kind;

  private NotifyDevices(WorkDatabase database, Courier courier, Kind kind) {
    this.database = database;
    this.courier = courier;
    this.kind = kind;
  }

  static List<JobHandler<?, ?>> all(WorkDatabase database, Courier courier) {
    return List.of(
        new NotifyDevices(database, courier, Kind.PUSH),
        new NotifyDevices(database, courier, Kind.SYNC_CONFLICT),
        new NotifyDevices(database, courier, Kind.REPORT_READY));
  }

  @Override
  public String type() {
    return switch (kind) {
      case PUSH -> "notify_push";
      case SYNC_CONFLICT -> "notify_sync_conflict";
      case REPORT_READY -> "notify_report_ready";
    };
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Told run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    try (Connection connection = database.open(type())) {
      News news =
          switch (kind) {
            case PUSH -> push(given, context.id());
            case SYNC_CONFLICT -> conflict(connection, given);
            case REPORT_READY -> report(connection, given);
          };
      List<Message> messages = messages(connection, news);
      courier.take(messages);
      return new Told(messages.size());
    }
  }

  private static News push(Given given, String job) throws FinalError {
    String device = given.text("device_id", 100);
    return new News(
        "push/" + job,
        ONE_DEVICE,
        device,
        given.text("title", 200),
        given.text("body", 2_000),
        device);
  }

  private static News conflict(Connection connection, Given given) throws SQLException, FinalError {
    String operation = given.text("operation", 36);
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT device_id, entity_type, entity_id FROM tidemark.ledger WHERE id::text = ?")) {
      query.setString(1, operation);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new FinalError("there is no operation " + operation);
        }
        return new News(
            "conflict/" + operation,
            ONE_DEVICE,
            row.getString(1),
            "A change has to be decided",
            "Somebody else has changed " + row.getString(2) + " " + row.getString(3) + " as well.",
            operation);
      }
    }
  }

  private static News report(Connection connection, Given given) throws SQLException, FinalError {
    int id = given.integer("report_id");
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT municipality_id, code, lower(period), upper(period) - 1,"
                + " extract(epoch FROM ready_at)"
                + " FROM field.reports WHERE id = ? AND state = 'READY'")) {
      query.setInt(1, id);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new FinalError("there is no report " + id + " that is ready");
        }
        return new News(
            "report/" + id + "/" + row.getString(5),
            OF_MUNICIPALITY,
            row.getString(1),
            "A report is ready",
            row.getString(2) + " from " + row.getString(3) + " to " + row.getString(4),
            Integer.toString(id));
      }
    }
  }

  private List<Message> messages(Connection connection, News news) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(news.devices())) {
      query.setString(1, news.parameter());
      List<Message> messages = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          for (Object token : (Object[]) row.getArray(1).getArray()) {
            if (token != null) {
              messages.add(message(news, token.toString()));
            }
          }
        }
      }
      return messages;
    }
  }

  private Message message(News news, String token) {
    return new Message(
        news.key() + "/" + digest(token),
        Channel.PUSH,
        token,
        news.subject(),
        news.body(),
        Map.of("kind", type().substring("notify_".length()), "about", news.about()));
  }

  /** A token is a secret of some length; keys are neither. */
  private static String digest(String token) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
