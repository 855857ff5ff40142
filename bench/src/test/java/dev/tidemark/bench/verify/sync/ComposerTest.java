package dev.tidemark.bench.verify.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComposerTest {
  private final Map<String, Seen> seen = new HashMap<>();
  private final Composer composer =
      new Composer(
          "phone",
          "north",
          new Random(4),
          new Composer.Knowledge() {
            @Override
            public @Nullable Seen of(String type, long id) {
              return seen.get(type + "/" + id);
            }

            @Override
            public void edit(String type, long id, ObjectNode patch) {
              seen.computeIfPresent(
                  type + "/" + id,
                  (_, known) -> {
                    ObjectNode row = known.row().deepCopy();
                    row.setAll(patch);
                    return new Seen(known.version(), row);
                  });
            }
          });

  @Test
  void countsFromWhatItBelievesItsOwnEditsIncluded() {
    for (long id = 1; id <= Tables.HOT; id++) {
      seen.put(
          "item/" + id,
          new Seen("0001-0000000000000010", Json.object().put("id", id).put("visits", 7)));
    }
    Map<Long, Long> counted = new HashMap<>();
    for (Intent intent : many()) {
      if (intent.counted().isPresent()) {
        long before = 7 + counted.getOrDefault(intent.entity(), 0L);
        assertThat(intent.operation().path("base_data").path("visits").longValue())
            .isEqualTo(before);
        assertThat(intent.operation().path("data").path("visits").longValue())
            .isEqualTo(before + intent.counted().getAsLong());
        counted.merge(intent.entity(), intent.counted().getAsLong(), Long::sum);
      }
    }
    assertThat(counted).isNotEmpty();
  }

  @Test
  void neverUsesAKeyTwiceAndThinksOfEverything() {
    List<Intent> intents = many();
    assertThat(intents.stream().map(Intent::key)).doesNotHaveDuplicates();
    assertThat(intents.stream().map(intent -> intent.operation().path("operation").asText()))
        .contains("create", "update", "delete");
    assertThat(
            intents.stream()
                .map(intent -> intent.operation().path("conflict_resolution_strategy").asText()))
        .contains("client_wins", "server_wins", "last_write_wins", "merge", "manual");
    assertThat(intents.stream().map(Intent::valid)).contains(true, false);
  }

  private List<Intent> many() {
    List<Intent> intents = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      intents.addAll(composer.compose());
    }
    return intents;
  }
}
