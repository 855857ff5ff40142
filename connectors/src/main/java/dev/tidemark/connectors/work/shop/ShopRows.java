package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Makes rows of a kind of items. */
sealed interface ShopRows permits ProductRows, InventoryRows, OrderRows {
  /** What the items are called, in the URL as well. */
  String kind();

  /**
   * An item as the statements of this kind want it; it has a field {@code id}, which names the item
   * among its kind.
   */
  ObjectNode row(Item item) throws BadItem;

  /** The products that have to be there first. */
  Set<String> needs(ObjectNode row);

  /**
   * Writes rows, of which each is there once, within the caller's transaction.
   *
   * @return how many rows of the shop it has made or changed
   */
  int write(Connection connection, Integration integration, List<ObjectNode> rows)
      throws SQLException;
}
