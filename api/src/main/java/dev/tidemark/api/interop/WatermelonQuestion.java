package dev.tidemark.api.interop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What WatermelonDB asks for.
 *
 * @param lastPulled the timestamp that it was given; empty for a first sync
 * @param tables its tables, each an entity type
 * @param migrated tables that have become other ones since then, and are told whole
 */
record WatermelonQuestion(
    OptionalLong lastPulled, SortedSet<String> tables, SortedSet<String> migrated) {
  /**
   * @throws ProblemException if a part cannot be read
   */
  static WatermelonQuestion of(
      Catalog catalog,
      @Nullable String lastPulled,
      @Nullable String tables,
      @Nullable String migration) {
    SortedSet<String> named = new TreeSet<>(Set.of());
    for (String table : tables == null ? new String[] {""} : tables.split(",", -1)) {
      if (catalog.type(table).isEmpty()) {
        throw invalid(
            "tables",
            "'tables' names entity types of the catalog, with commas between them; one of these is"
                + " none, or there is none.");
      }
      named.add(table);
    }
    return new WatermelonQuestion(lastPulled(lastPulled), named, migrated(migration));
  }

  static OptionalLong lastPulled(@Nullable String text) {
    if (text == null || text.isEmpty() || text.equals("null") || text.equals("0")) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,16}")) {
      throw invalid("last_pulled_at", "'last_pulled_at' is a timestamp as it was given.");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static SortedSet<String> migrated(@Nullable String text) {
    SortedSet<String> tables = new TreeSet<>();
    Optional<JsonNode> migration = Optional.empty();
    try {
      if (text != null && !text.isEmpty()) {
        migration = Optional.of(WireSerdes.exactJson().readTree(text));
      }
    } catch (JsonProcessingException e) {
      throw invalid("migration", "'migration' is what the package hands over, as JSON.");
    }
    migration.ifPresent(
        json -> {
          json.path("tables").forEach(table -> tables.add(table.asText()));
          json.path("columns").forEach(columns -> tables.add(columns.path("table").asText()));
        });
    return tables;
  }

  private static ProblemException invalid(String parameter, String detail) {
    return new ProblemException(Problem.invalid("/query/" + parameter, detail));
  }
}
