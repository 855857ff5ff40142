package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Statements over many rows at once, which come as one JSON document. */
final class Sql {
  private Sql() {}

  /** Runs a statement whose first parameter is the rows; the others follow. */
  static int update(Connection connection, String sql, List<ObjectNode> rows, Object... others)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, json(rows));
      for (int i = 0; i < others.length; i++) {
        statement.setObject(i + 2, others[i]);
      }
      return statement.executeUpdate();
    }
  }

  private static String json(List<ObjectNode> rows) {
    return JsonNodeFactory.instance.arrayNode().addAll(rows).toString();
  }
}
