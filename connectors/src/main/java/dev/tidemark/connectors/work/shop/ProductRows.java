package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Products, by their SKU. A product that did not change is not touched: nobody is told of it. */
final class ProductRows implements ShopRows {
  static final Pattern SKU = Pattern.compile("[A-Z]{2}-[0-9]{4}");

  private static final String UPSERT =
      """
      INSERT INTO shop.products AS p
        (sku, name, description, price, weight_kg, labels, size_cm, external_ids, active)
      SELECT i.sku, i.name, i.description, i.price, i.weight_kg, i.labels, i.size_cm,
             jsonb_build_object(g.platform, i.external_id), i.active
      FROM jsonb_to_recordset(?::jsonb) AS i(
        sku text, name text, description text, price numeric, weight_kg numeric,
        labels text[], size_cm double precision[], external_id jsonb, active boolean)
      CROSS JOIN (SELECT ?::text AS platform) AS g
      ORDER BY i.sku
      ON CONFLICT (sku) DO UPDATE SET
        name = excluded.name, description = excluded.description, price = excluded.price,
        weight_kg = excluded.weight_kg, labels = excluded.labels, size_cm = excluded.size_cm,
        external_ids = p.external_ids || excluded.external_ids, active = excluded.active
      WHERE (p.name, p.description, p.price, p.weight_kg, p.labels, p.size_cm, p.active)
          IS DISTINCT FROM
            (excluded.name, excluded.description, excluded.price, excluded.weight_kg,
             excluded.labels, excluded.size_cm, excluded.active)
        OR p.external_ids || excluded.external_ids IS DISTINCT FROM p.external_ids
      """;

  @Override
  public String kind() {
    return "products";
  }

  @Override
  public ObjectNode row(Item item) throws BadItem {
    item.id();
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    String sku = sku(item);
    row.put("id", sku);
    row.put("sku", sku);
    row.put("name", item.text("name", 500));
    row.put("description", item.maybeText("description", 10_000));
    row.put("price", item.decimal("price", 10, 2));
    row.put("weight_kg", item.maybeDecimal("weight_kg", 5, 3));
    row.set("labels", item.texts("labels"));
    row.set("size_cm", sizes(item));
    row.set("external_id", item.raw("id"));
    row.put("active", item.flag("active", true));
    return row;
  }

  static String sku(Item item) throws BadItem {
    String sku = item.text("sku", 20);
    if (!SKU.matcher(sku).matches()) {
      throw new BadItem("sku has to look like TE-0001");
    }
    return sku;
  }

  private static JsonNode sizes(Item item) throws BadItem {
    ArrayNode sizes = item.array("size_cm");
    for (JsonNode size : sizes) {
      if (!size.isNumber() || !Double.isFinite(size.doubleValue())) {
        throw new BadItem("size_cm has to be a list of numbers");
      }
    }
    return sizes.isEmpty() ? JsonNodeFactory.instance.nullNode() : sizes;
  }

  @Override
  public Set<String> needs(ObjectNode row) {
    return Set.of();
  }

  @Override
  public int write(Connection connection, Integration integration, List<ObjectNode> rows)
      throws SQLException {
    return Sql.update(connection, UPSERT, rows, integration.platform());
  }
}
