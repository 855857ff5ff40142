package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.contract.WireSerdes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A sales platform as {@code shop.integrations} has it. Its settings are seen by every device that
 * may see the shop, so its token is not among them.
 *
 * @param pageSize how many items are asked for at a time
 * @param between how long lies between two requests
 */
record Integration(
    int id, String platform, String baseUrl, boolean enabled, int pageSize, Duration between) {
  private static final int PAGE_SIZE = 100;
  private static final int MOST_PAGE_SIZE = 250;
  private static final int PER_SECOND = 4;
  private static final int MOST_PER_SECOND = 100;

  static Integration find(Connection connection, int id) throws SQLException, FinalError {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT platform, base_url, enabled, settings FROM shop.integrations WHERE id = ?")) {
      query.setInt(1, id);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new FinalError("there is no integration " + id);
        }
        JsonNode settings = settings(row.getString("settings"));
        return new Integration(
            id,
            row.getString("platform"),
            row.getString("base_url"),
            row.getBoolean("enabled"),
            number(settings, "page_size", PAGE_SIZE, MOST_PAGE_SIZE),
            Duration.ofSeconds(1)
                .dividedBy(number(settings, "requests_per_second", PER_SECOND, MOST_PER_SECOND)));
      }
    }
  }

  /** The integrations that are kept in step. */
  static List<Integer> enabled(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT id FROM shop.integrations WHERE enabled ORDER BY id");
        ResultSet row = query.executeQuery()) {
      List<Integer> ids = new ArrayList<>();
      while (row.next()) {
        ids.add(row.getInt(1));
      }
      return ids;
    }
  }

  private static JsonNode settings(String text) throws FinalError {
    try {
      return WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new FinalError("the settings of the integration cannot be read", e);
    }
  }

  private static int number(JsonNode settings, String name, int otherwise, int most)
      throws FinalError {
    JsonNode value = settings.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > most) {
      throw new FinalError(
          "the setting %s of the integration has to be from 1 to %d".formatted(name, most));
    }
    return value.intValue();
  }
}
