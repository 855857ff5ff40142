package dev.tidemark.pipeline.resolution.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.pipeline.resolution.core.Effect.Delete;
import dev.tidemark.pipeline.resolution.core.Effect.Insert;
import dev.tidemark.pipeline.resolution.core.Effect.Nothing;
import dev.tidemark.pipeline.resolution.core.Effect.Refused;
import dev.tidemark.pipeline.resolution.core.Effect.Undecided;
import dev.tidemark.pipeline.resolution.core.Effect.Update;
import dev.tidemark.pipeline.resolution.core.Known.Live;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of docs/conflicts.md, cell by cell: the page is the expectation. */
final class ConflictTableTest {
  private static final Path PAGE = Path.of("../docs/conflicts.md");
  private static final String ROW = "{'id': 1, 'title': 'seen', 'note': 'seen', 'visits': 5}";
  private static final long BEFORE = -60;
  private static final long AFTER = 60;

  /** What is asked, and of what, by the page's words for it. */
  private static final Map<String, Supplier<Asking>> SITUATIONS =
      Map.of(
          "sets the title | nobody changed anything",
          () -> new Asking().update("{'title': 'device'}").row(ROW, null, BEFORE),
          "sets the title | the note was changed",
          () -> title().row(ROW.replace("'note': 'seen'", "'note': 'server'"), null, 0, "note"),
          "sets the title | the title was changed",
          () -> title().row(ROW.replace("'title': 'seen'", "'title': 'server'"), null, 0, "title"),
          "sets the counter from 5 to 7 | the counter was set to 6",
          () ->
              new Asking()
                  .update("{'visits': 7}")
                  .baseRow(ROW)
                  .row(ROW.replace("5", "6"), null, 0, "visits"),
          "sets the title | the row was deleted",
          () -> title().deletedRow(ROW, null, 0),
          "deletes the row | nobody changed anything",
          () -> new Asking().delete().row(ROW, null, BEFORE),
          "deletes the row | the title was changed",
          () ->
              new Asking()
                  .delete()
                  .row(ROW.replace("'title': 'seen'", "'title': 'server'"), null, 0, "title"),
          "deletes the row | the row was deleted",
          () -> new Asking().delete().deletedRow(ROW, null, 0),
          "creates the row | there was none",
          () -> new Asking().create("{'id': 1, 'title': 'device'}"),
          "creates the row | another was created with that id",
          () ->
              new Asking()
                  .create("{'id': 1, 'title': 'device'}")
                  .row("{'id': 1, 'title': 'server'}", null, 0, "id", "title"));

  private record Line(String situation, String type, List<String> cells) {}

  private static Asking title() {
    return new Asking().update("{'title': 'device'}");
  }

  @TestFactory
  Stream<DynamicTest> everyCellIsWhatHappens() throws IOException {
    return lines().stream()
        .flatMap(
            line ->
                Stream.of(
                    cell(line, 0, Strategy.CLIENT_WINS, BEFORE),
                    cell(line, 1, Strategy.SERVER_WINS, AFTER),
                    cell(line, 2, Strategy.LAST_WRITE_WINS, AFTER),
                    cell(line, 3, Strategy.LAST_WRITE_WINS, BEFORE),
                    cell(line, 4, Strategy.MERGE, AFTER),
                    cell(line, 5, Strategy.MANUAL, AFTER)));
  }

  @Test
  void everySituationIsOnThePage() throws IOException {
    assertThat(lines())
        .extracting(Line::situation)
        .containsExactlyInAnyOrderElementsOf(SITUATIONS.keySet());
  }

  private static DynamicTest cell(
      Line line, int column, Strategy strategy, long deviceAfterServer) {
    return dynamicTest(
        line.situation() + ", " + strategy.text() + " (" + deviceAfterServer + " s)",
        () -> {
          Asking asking =
              Objects.requireNonNull(SITUATIONS.get(line.situation()))
                  .get()
                  .by(strategy)
                  .at(Asking.NOON.plusSeconds(deviceAfterServer));
          Decision decision = asking.decide();
          assertThat(outcome(asking.question().known(), decision))
              .isEqualTo(line.cells().get(column));
          assertThat(
                  Optional.ofNullable(decision.conflict())
                      .map(conflict -> conflict.type().text())
                      .orElse("none"))
              .isEqualTo(line.type());
        });
  }

  private static String outcome(Known known, Decision decision) {
    return switch (decision.effect()) {
      case Insert(ObjectNode row) ->
          known instanceof Known.Absent ? "created" : "back, " + whose(row, "title");
      case Update(ObjectNode patch) -> {
        ObjectNode row = ((Live) known).row().deepCopy();
        row.setAll(patch);
        yield changed(row);
      }
      case Delete() -> "deleted";
      case Nothing() ->
          known instanceof Live live
              ? decision.conflict() != null
                      && decision.conflict().type().text().startsWith("delete")
                  ? "kept"
                  : changed(live.row())
              : "stays deleted";
      case Refused(Effect.Refusal refusal) -> refusal.text();
      case Undecided() -> "open";
    };
  }

  private static String changed(ObjectNode row) {
    JsonNode visits = row.get("visits");
    if (visits != null && visits.intValue() != 5) {
      return visits.toString();
    }
    String note = row.path("note").asText("seen").equals("server") ? ", note: server" : "";
    return whose(row, "title") + note;
  }

  private static String whose(ObjectNode row, String field) {
    return row.get(field).textValue();
  }

  private static List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(PAGE)) {
      List<String> cells = Arrays.stream(text.split("\\|")).map(String::strip).toList();
      if (cells.size() == 10 && SITUATIONS.containsKey(cells.get(1) + " | " + cells.get(2))) {
        lines.add(
            new Line(cells.get(1) + " | " + cells.get(2), cells.get(3), cells.subList(4, 10)));
      }
    }
    return lines;
  }
}
