package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.contract.WireSerdes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes items into the shop, a page in a transaction. What cannot be taken (it is malformed, the
 * database refuses it, or its product is not there yet) is set aside and tried again by the next
 * job, so that one bad item neither stops the others nor is forgotten.
 */
final class Taking {
  private static final int MOST_ASIDE = 10_000;
  private static final int TRIED_AT_ONCE = 500;
  private static final int LONGEST_ITEM = 100_000;
  private static final Set<String> BLAMED_ON_DATA = Set.of("22", "23");

  /** An item, read. */
  private record Read(ObjectNode row, JsonNode sent) {}

  private final Connection connection;
  private final Integration integration;
  private final ShopRows rows;
  private final JobContext context;

  Taking(Connection connection, Integration integration, ShopRows rows, JobContext context) {
    this.connection = connection;
    this.integration = integration;
    this.rows = rows;
    this.context = context;
  }

  /** Takes the items of a page. */
  Position.Counts take(List<Item> items) throws SQLException {
    return WorkDatabase.inTransaction(connection, () -> takeAll(items));
  }

  /** Tries again what was set aside, the longest untried first. */
  Position.Counts takeAsides() throws SQLException {
    return WorkDatabase.inTransaction(connection, () -> takeAll(asides()));
  }

  private Position.Counts takeAll(List<Item> items) throws SQLException {
    // Of an item that comes twice, the last counts.
    Map<String, Read> taken = new LinkedHashMap<>();
    Map<String, String> complaints = new LinkedHashMap<>();
    Map<String, JsonNode> sent = new LinkedHashMap<>();
    for (Item item : items) {
      String id = name(item);
      sent.put(id, item.json());
      complaints.remove(id);
      taken.remove(id);
      try {
        ObjectNode row = rows.row(item);
        taken.put(row.path("id").textValue(), new Read(row, item.json()));
      } catch (BadItem e) {
        complaints.put(id, String.valueOf(e.getMessage()));
      }
    }
    withoutProducts(taken, complaints);
    int changed = write(taken, complaints);
    Set<String> settled = new HashSet<>(taken.keySet());
    taken.values().forEach(read -> settled.add(unread(read.sent())));
    forget(settled);
    for (Map.Entry<String, String> complaint : complaints.entrySet()) {
      setAside(
          complaint.getKey(), sent.getOrDefault(complaint.getKey(), NOTHING), complaint.getValue());
    }
    return new Position.Counts(items.size(), changed, complaints.size());
  }

  private static final JsonNode NOTHING = JsonNodeFactory.instance.nullNode();

  /** What an item is called among its kind, whether it can be read or not. */
  private String name(Item item) {
    try {
      return rows.row(item).path("id").textValue();
    } catch (BadItem _) {
      return unread(item.json());
    }
  }

  /** What an item is called that cannot be read. */
  private static String unread(JsonNode item) {
    String id = item.path("id").asText(item.path("sku").asText() + " " + item.path("warehouse"));
    String plain = id.replace("\0", "");
    return "?" + (plain.length() > 190 ? plain.substring(0, 190) : plain);
  }

  private void withoutProducts(Map<String, Read> taken, Map<String, String> complaints)
      throws SQLException {
    Set<String> needed = new HashSet<>();
    taken.values().forEach(read -> needed.addAll(rows.needs(read.row())));
    if (needed.isEmpty()) {
      return;
    }
    Set<String> there = new HashSet<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT sku FROM shop.products WHERE sku = ANY (?)")) {
      query.setArray(1, connection.createArrayOf("text", needed.toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          there.add(row.getString(1));
        }
      }
    }
    taken
        .entrySet()
        .removeIf(
            entry -> {
              Set<String> missing = new HashSet<>(rows.needs(entry.getValue().row()));
              missing.removeAll(there);
              if (missing.isEmpty()) {
                return false;
              }
              complaints.put(
                  entry.getKey(),
                  "there is no product " + missing.stream().sorted().findFirst().get());
              return true;
            });
  }

  /** Writes all at once, or, if the database refuses one of them, one by one. */
  private int write(Map<String, Read> taken, Map<String, String> complaints) throws SQLException {
    if (taken.isEmpty()) {
      return 0;
    }
    Savepoint before = connection.setSavepoint();
    try {
      int changed =
          rows.write(connection, integration, taken.values().stream().map(Read::row).toList());
      connection.releaseSavepoint(before);
      return changed;
    } catch (SQLException e) {
      requireBlameOfData(e);
      connection.rollback(before);
      connection.releaseSavepoint(before);
    }
    int changed = 0;
    for (Map.Entry<String, Read> entry : List.copyOf(taken.entrySet())) {
      Savepoint single = connection.setSavepoint();
      try {
        changed += rows.write(connection, integration, List.of(entry.getValue().row()));
        connection.releaseSavepoint(single);
      } catch (SQLException e) {
        requireBlameOfData(e);
        connection.rollback(single);
        connection.releaseSavepoint(single);
        taken.remove(entry.getKey());
        complaints.put(entry.getKey(), "the database refuses it: " + firstLine(e));
      }
    }
    return changed;
  }

  private static void requireBlameOfData(SQLException e) throws SQLException {
    String state = e.getSQLState();
    if (state == null || state.length() != 5 || !BLAMED_ON_DATA.contains(state.substring(0, 2))) {
      throw e;
    }
  }

  private static String firstLine(SQLException e) {
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return text.length() > 500 ? text.substring(0, 500) : text;
  }

  private List<Item> asides() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT item FROM tidemark.shop_aside WHERE integration_id = ? AND kind = ?"
                + " ORDER BY last_tried LIMIT "
                + TRIED_AT_ONCE)) {
      query.setInt(1, integration.id());
      query.setString(2, rows.kind());
      List<Item> items = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          items.add(new Item(WireSerdes.exactJson().readTree(row.getString(1))));
        }
      } catch (JsonProcessingException e) {
        throw new SQLException("what was set aside is no JSON", e);
      }
      return items;
    }
  }

  private void forget(Collection<String> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM tidemark.shop_aside"
                + " WHERE integration_id = ? AND kind = ? AND id = ANY (?)")) {
      delete.setInt(1, integration.id());
      delete.setString(2, rows.kind());
      delete.setArray(3, connection.createArrayOf("text", ids.toArray()));
      delete.executeUpdate();
    }
  }

  private void setAside(String id, JsonNode item, String reason) throws SQLException {
    context.log(rows.kind() + " " + id + " is set aside: " + reason);
    String text = item.toString();
    if (text.length() > LONGEST_ITEM || text.contains("\\u0000")) {
      context.log(rows.kind() + " " + id + " cannot even be kept");
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO tidemark.shop_aside (integration_id, kind, id, item, reason)
            SELECT ?, ?, ?, ?::jsonb, ?
            WHERE (SELECT count(*) FROM tidemark.shop_aside
                   WHERE integration_id = ? AND kind = ?) < ?
              OR EXISTS (SELECT FROM tidemark.shop_aside
                         WHERE integration_id = ? AND kind = ? AND id = ?)
            ON CONFLICT (integration_id, kind, id) DO UPDATE SET
              item = excluded.item, reason = excluded.reason, last_tried = clock_timestamp()
            """)) {
      insert.setInt(1, integration.id());
      insert.setString(2, rows.kind());
      insert.setString(3, id);
      insert.setString(4, text);
      insert.setString(5, reason);
      insert.setInt(6, integration.id());
      insert.setString(7, rows.kind());
      insert.setInt(8, MOST_ASIDE);
      insert.setInt(9, integration.id());
      insert.setString(10, rows.kind());
      insert.setString(11, id);
      if (insert.executeUpdate() == 0) {
        throw new SQLException(
            "more than %,d %s of integration %d are set aside"
                .formatted(MOST_ASIDE, rows.kind(), integration.id()));
      }
    }
  }
}
