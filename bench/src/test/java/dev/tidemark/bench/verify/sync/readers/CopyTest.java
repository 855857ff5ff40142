package dev.tidemark.bench.verify.sync.readers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyTest {
  private final Copy copy =
      new Copy(
          new Ground() {
            @Override
            public Set<String> scopes(String type, JsonNode row) {
              return Set.of(row.path("owner").asText());
            }

            @Override
            public Optional<String> broken(Map<String, ObjectNode> rows, Set<String> scopes) {
              return Optional.empty();
            }
          });

  @BeforeEach
  void see() {
    copy.see(Set.of("north"));
  }

  @Test
  void newerAndNewerIsWell() {
    assertThat(copy.apply(put(1, "north"))).isEmpty();
    assertThat(copy.apply(put(2, "north"))).isEmpty();
    assertThat(copy.apply(removal(3))).isEmpty();
    assertThat(copy.apply(put(4, "north"))).isEmpty();
    assertThat(copy.differences(Map.of("item/1", row("north")), Set.of())).isEmpty();
  }

  @Test
  void theSameTwiceIsNot() {
    copy.apply(put(1, "north"));
    assertThat(copy.apply(put(1, "north"))).hasValueSatisfying(is(Kind.REPEATED));
    copy.apply(removal(2));
    assertThat(copy.apply(removal(2))).hasValueSatisfying(is(Kind.REPEATED));
  }

  @Test
  void neitherIsTheOlderOne() {
    copy.apply(put(5, "north"));
    assertThat(copy.apply(put(4, "north"))).hasValueSatisfying(is(Kind.WENT_BACK));
    copy.apply(removal(6));
    assertThat(copy.apply(put(5, "north"))).hasValueSatisfying(is(Kind.WENT_BACK));
  }

  @Test
  void aRowThatOneMaySeeIsNotTakenAwayUnchanged() {
    copy.apply(put(5, "north"));
    assertThat(copy.apply(removal(5))).hasValueSatisfying(is(Kind.REPEATED));
  }

  @Test
  void aScopeThatIsRevokedTakesItsRowsAndBringsThemAgain() {
    copy.apply(put(5, "north"));
    copy.see(Set.of("south"));
    assertThat(copy.apply(removal(5))).isEmpty();
    copy.see(Set.of("north", "south"));
    assertThat(copy.apply(put(5, "north"))).isEmpty();
    assertThat(copy.apply(put(5, "north"))).hasValueSatisfying(is(Kind.REPEATED));
  }

  @Test
  void otherScopesExcuseNothing() {
    copy.apply(put(5, "north"));
    copy.see(Set.of("north", "south"));
    assertThat(copy.apply(put(5, "north"))).hasValueSatisfying(is(Kind.REPEATED));
  }

  @Test
  void aRowOfNoneOfItsScopesIsUnexpected() {
    assertThat(copy.apply(put(1, "south"))).hasValueSatisfying(is(Kind.UNEXPECTED));
  }

  @Test
  void whatIsMissingWrongOrTooMuchShows() {
    assertThat(copy.differences(Map.of("item/1", row("north")), Set.of()).values())
        .singleElement()
        .satisfies(is(Kind.SKIPPED));
    copy.apply(put(1, "north"));
    assertThat(
            copy.differences(Map.of("item/1", row("north").put("title", "x")), Set.of()).values())
        .singleElement()
        .satisfies(is(Kind.WRONG_ROW));
    assertThat(copy.differences(Map.of("item/1", row("south")), Set.of()).values())
        .singleElement()
        .satisfies(is(Kind.SKIPPED));
    assertThat(copy.differences(Map.of(), Set.of()).values())
        .singleElement()
        .satisfies(is(Kind.SKIPPED));
  }

  private static Consumer<Copy.Complaint> is(Kind kind) {
    return complaint -> assertThat(complaint.kind()).isEqualTo(kind);
  }

  private static ObjectNode row(String owner) {
    return Json.object().put("id", 1).put("owner", owner);
  }

  private static ObjectNode put(int version, String owner) {
    ObjectNode change = change(version, "put");
    change.set("data", row(owner));
    return change;
  }

  private static ObjectNode removal(int version) {
    return change(version, "remove");
  }

  private static ObjectNode change(int version, String kind) {
    return Json.object()
        .put("type", "item")
        .put("id", "1")
        .put("kind", kind)
        .put("version", "0001-%016X".formatted(version));
  }
}
