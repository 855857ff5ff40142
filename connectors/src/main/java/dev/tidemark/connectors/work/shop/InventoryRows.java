package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Stock, by warehouse and SKU. A count that is older than the one that is there is left out. */
final class InventoryRows implements ShopRows {
  private static final String UPSERT =
      """
      INSERT INTO shop.inventory AS v
        (warehouse, product_id, stock, reserved, batches, counted_at)
      SELECT i.warehouse, p.id, i.stock, i.reserved, i.batches, i.counted_at
      FROM jsonb_to_recordset(?::jsonb) AS i(
        warehouse text, sku text, stock integer, reserved integer, batches jsonb,
        counted_at timestamptz)
      JOIN shop.products p ON p.sku = i.sku
      ORDER BY i.warehouse, p.id
      ON CONFLICT (warehouse, product_id) DO UPDATE SET
        stock = excluded.stock, reserved = excluded.reserved, batches = excluded.batches,
        counted_at = excluded.counted_at
      WHERE (v.stock, v.reserved, v.batches, v.counted_at)
          IS DISTINCT FROM
            (excluded.stock, excluded.reserved, excluded.batches, excluded.counted_at)
        AND (v.counted_at IS NULL OR excluded.counted_at >= v.counted_at)
      """;

  @Override
  public String kind() {
    return "inventory";
  }

  @Override
  public ObjectNode row(Item item) throws BadItem {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    String sku = ProductRows.sku(item);
    String warehouse = item.text("warehouse", 100);
    row.put("id", sku + " " + warehouse);
    row.put("sku", sku);
    row.put("warehouse", warehouse);
    row.put("stock", item.count("stock", 0));
    row.put("reserved", item.raw("reserved").isMissingNode() ? 0 : item.count("reserved", 0));
    ArrayNode batches = item.array("batches");
    Item.holdable("batches", batches);
    row.set("batches", batches);
    row.put("counted_at", item.maybeTime("counted_at"));
    return row;
  }

  @Override
  public Set<String> needs(ObjectNode row) {
    return Set.of(row.path("sku").textValue());
  }

  @Override
  public int write(Connection connection, Integration integration, List<ObjectNode> rows)
      throws SQLException {
    return Sql.update(connection, UPSERT, rows);
  }
}
