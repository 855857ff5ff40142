package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Orders with their lines, by the integration and the order's id there. */
final class OrderRows implements ShopRows {
  private static final Set<String> STATUSES =
      Set.of("NEW", "PAID", "PACKED", "SHIPPED", "CANCELLED");

  private static final String UPSERT =
      """
      INSERT INTO shop.orders AS o
        (integration_id, external_id, status, customer, currency, total, placed_at, shipped_at)
      SELECT g.id, i.id, i.status::shop.order_status, i.customer, i.currency, i.total,
             i.placed_at AT TIME ZONE 'UTC', i.shipped_at
      FROM jsonb_to_recordset(?::jsonb) AS i(
        id text, status text, customer jsonb, currency text, total numeric,
        placed_at timestamptz, shipped_at timestamptz)
      CROSS JOIN (SELECT ?::integer AS id) AS g
      ORDER BY i.id
      ON CONFLICT (integration_id, external_id) DO UPDATE SET
        status = excluded.status, customer = excluded.customer, currency = excluded.currency,
        total = excluded.total, placed_at = excluded.placed_at, shipped_at = excluded.shipped_at
      WHERE (o.status, o.customer, o.currency, o.total, o.placed_at, o.shipped_at)
          IS DISTINCT FROM
            (excluded.status, excluded.customer, excluded.currency, excluded.total,
             excluded.placed_at, excluded.shipped_at)
      """;

  private static final String LINES =
      """
      INSERT INTO shop.order_lines AS l
        (order_id, line, integration_id, product_id, quantity, unit_price)
      SELECT o.id, n.line, o.integration_id, p.id, n.quantity, n.unit_price
      FROM jsonb_to_recordset(?::jsonb) AS i(id text, lines jsonb)
      CROSS JOIN LATERAL jsonb_to_recordset(i.lines) AS n(
        line smallint, sku text, quantity integer, unit_price numeric)
      JOIN shop.orders o ON o.integration_id = ? AND o.external_id = i.id
      JOIN shop.products p ON p.sku = n.sku
      ON CONFLICT (order_id, line) DO UPDATE SET
        product_id = excluded.product_id, quantity = excluded.quantity,
        unit_price = excluded.unit_price
      WHERE (l.product_id, l.quantity, l.unit_price)
          IS DISTINCT FROM (excluded.product_id, excluded.quantity, excluded.unit_price)
      """;

  private static final String FORMER_LINES =
      """
      DELETE FROM shop.order_lines l
      USING jsonb_to_recordset(?::jsonb) AS i(id text, lines jsonb), shop.orders o
      WHERE o.integration_id = ? AND o.external_id = i.id
        AND l.order_id = o.id AND l.line > jsonb_array_length(i.lines)
      """;

  @Override
  public String kind() {
    return "orders";
  }

  @Override
  public ObjectNode row(Item item) throws BadItem {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("id", item.id());
    String status = item.text("status", 20);
    if (!STATUSES.contains(status)) {
      throw new BadItem("status has to be one of NEW, PAID, PACKED, SHIPPED, CANCELLED");
    }
    row.put("status", status);
    row.set("customer", item.object("customer"));
    String currency = item.maybeText("currency", 3);
    if (currency != null && !currency.matches("[A-Z]{3}")) {
      throw new BadItem("currency has to look like EUR");
    }
    row.put("currency", currency == null ? "EUR" : currency);
    row.put("total", item.decimal("total", 12, 2));
    String placed = item.maybeTime("placed_at");
    if (placed == null) {
      throw new BadItem("placed_at is missing");
    }
    row.put("placed_at", placed);
    row.put("shipped_at", item.maybeTime("shipped_at"));
    row.set("lines", lines(item));
    return row;
  }

  private static ArrayNode lines(Item item) throws BadItem {
    ArrayNode lines = JsonNodeFactory.instance.arrayNode();
    for (JsonNode given : item.array("lines")) {
      Item line = new Item(given);
      lines
          .addObject()
          .put("line", lines.size())
          .put("sku", ProductRows.sku(line))
          .put("quantity", line.count("quantity", 1))
          .put("unit_price", line.decimal("unit_price", 10, 2));
    }
    return lines;
  }

  @Override
  public Set<String> needs(ObjectNode row) {
    Set<String> skus = new HashSet<>();
    row.path("lines").forEach(line -> skus.add(line.path("sku").textValue()));
    return skus;
  }

  @Override
  public int write(Connection connection, Integration integration, List<ObjectNode> rows)
      throws SQLException {
    return Sql.update(connection, UPSERT, rows, integration.id())
        + Sql.update(connection, LINES, rows, integration.id())
        + Sql.update(connection, FORMER_LINES, rows, integration.id());
  }
}
