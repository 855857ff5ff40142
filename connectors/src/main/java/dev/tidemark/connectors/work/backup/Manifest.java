package dev.tidemark.connectors.work.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an archive holds: its last entry, so an archive that has none is not whole. The format is
 * public: fields may be added, none may change.
 *
 * @param lsn up to where the database had written when the snapshot was taken
 * @param tables in an order in which each comes after those that it refers to
 */
record Manifest(String serverVersion, String lsn, List<Table> tables, List<Sequence> sequences) {
  static final String ENTRY = "manifest.json";
  private static final int VERSION = 1;

  /**
   * A table.
   *
   * @param sha256 of the entry's bytes, in hex
   */
  record Table(String entry, TableName name, List<String> columns, long rows, String sha256) {}

  record Sequence(TableName name, long value, boolean called) {}

  byte[] bytes() throws IOException {
    ObjectNode json = WireSerdes.exactJson().createObjectNode();
    json.put("version", VERSION).put("server_version", serverVersion).put("lsn", lsn);
    ArrayNode list = json.putArray("tables");
    for (Table table : tables) {
      ObjectNode one = list.addObject();
      one.put("entry", table.entry());
      one.put("schema", table.name().schema()).put("name", table.name().name());
      ArrayNode columns = one.putArray("columns");
      table.columns().forEach(columns::add);
      one.put("rows", table.rows()).put("sha256", table.sha256());
    }
    ArrayNode counters = json.putArray("sequences");
    for (Sequence sequence : sequences) {
      counters
          .addObject()
          .put("schema", sequence.name().schema())
          .put("name", sequence.name().name())
          .put("value", sequence.value())
          .put("called", sequence.called());
    }
    return WireSerdes.exactJson().writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  static Manifest read(byte[] bytes) throws IOException {
    JsonNode json = WireSerdes.exactJson().readTree(bytes);
    if (json.path("version").asInt() != VERSION) {
      throw new IOException("the archive is of another version of Tidemark");
    }
    List<Table> tables = new ArrayList<>();
    for (JsonNode table : json.path("tables")) {
      List<String> columns = new ArrayList<>();
      table.path("columns").forEach(column -> columns.add(column.asText()));
      tables.add(
          new Table(
              table.path("entry").asText(),
              name(table),
              columns,
              table.path("rows").asLong(),
              table.path("sha256").asText()));
    }
    List<Sequence> sequences = new ArrayList<>();
    for (JsonNode sequence : json.path("sequences")) {
      sequences.add(
          new Sequence(
              name(sequence),
              sequence.path("value").asLong(),
              sequence.path("called").asBoolean()));
    }
    return new Manifest(
        json.path("server_version").asText(), json.path("lsn").asText(), tables, sequences);
  }

  private static TableName name(JsonNode json) {
    return new TableName(json.path("schema").asText(), json.path("name").asText());
  }
}
