package dev.tidemark.connectors.work.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Puts messages into {@code tidemark.outbox}, each key once. */
public final class Outbox implements Courier {
  private static final String INSERT =
      """
      INSERT INTO tidemark.outbox (key, channel, recipient, subject, body, data)
      VALUES (?, ?, ?, ?, ?, ?::jsonb)
      ON CONFLICT (key) DO NOTHING
      """;

  private final WorkDatabase database;

  public Outbox(WorkDatabase database) {
    this.database = database;
  }

  @Override
  public void take(List<Message> messages) throws SQLException {
    if (messages.isEmpty()) {
      return;
    }
    try (Connection connection = database.open("outbox")) {
      WorkDatabase.inTransaction(
          connection,
          () -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
              for (Message message : messages) {
                insert.setString(1, message.key());
                insert.setString(2, message.channel().name());
                insert.setString(3, plain(message.recipient()));
                insert.setString(4, plain(message.subject()));
                insert.setString(5, plain(message.body()));
                ObjectNode data = JsonNodeFactory.instance.objectNode();
                message.data().forEach((name, value) -> data.put(name, plain(value)));
                insert.setString(6, data.toString());
                insert.addBatch();
              }
              insert.executeBatch();
            }
            return true;
          });
    }
  }

  /** Postgres has no U+0000. */
  private static String plain(String text) {
    return text.replace("\0", "");
  }
}
