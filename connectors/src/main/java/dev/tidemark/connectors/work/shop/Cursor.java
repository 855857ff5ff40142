package dev.tidemark.connectors.work.shop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Up to where an integration has been read.
 *
 * @param since what to ask from
 * @param url what the validators are about
 * @param etag of the whole answer, if it was a single page
 * @param lastModified as {@code etag}
 */
record Cursor(
    @Nullable String since,
    @Nullable String url,
    @Nullable String etag,
    @Nullable String lastModified) {
  static final Cursor NONE = new Cursor(null, null, null, null);

  static Cursor find(Connection connection, int integration, String kind) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT since, url, etag, last_modified FROM tidemark.shop_cursor"
                + " WHERE integration_id = ? AND kind = ?")) {
      query.setInt(1, integration);
      query.setString(2, kind);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? new Cursor(row.getString(1), row.getString(2), row.getString(3), row.getString(4))
            : NONE;
      }
    }
  }

  /** Keeps it, and says in the shop that the integration is in step as of now. */
  void keep(Connection connection, int integration, String kind) throws SQLException {
    try (PreparedStatement upsert =
            connection.prepareStatement(
                """
                INSERT INTO tidemark.shop_cursor
                  (integration_id, kind, since, url, etag, last_modified, synced_at)
                VALUES (?, ?, ?, ?, ?, ?, now())
                ON CONFLICT (integration_id, kind) DO UPDATE SET
                  since = excluded.since, url = excluded.url, etag = excluded.etag,
                  last_modified = excluded.last_modified, synced_at = excluded.synced_at
                """);
        PreparedStatement mark =
            connection.prepareStatement(
                "UPDATE shop.integrations SET last_sync_at = now() WHERE id = ?")) {
      upsert.setInt(1, integration);
      upsert.setString(2, kind);
      upsert.setString(3, since);
      upsert.setString(4, url);
      upsert.setString(5, etag);
      upsert.setString(6, lastModified);
      upsert.executeUpdate();
      mark.setInt(1, integration);
      mark.executeUpdate();
    }
  }
}
