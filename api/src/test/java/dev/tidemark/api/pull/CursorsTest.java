package dev.tidemark.api.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Reading;
import dev.tidemark.pipeline.scopelog.core.Reading.Partial;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A device keeps its cursor for weeks, and the node that reads it may be a newer one. */
class CursorsTest {
  private static final String LOG = "a-log";
  private static final String DEVICE = "a-device";
  private final Cursors cursors =
      new Cursors(PullSettings.of("a secret of long ago, which is long enough"));

  @Test
  void aCursorSaysHowFarSomebodyHasRead() {
    Reading reading =
        new Reading(
            new Position(4711, 2),
            Position.of(4800),
            new TreeSet<>(Set.of("town/1")),
            towns(2),
            List.of(new Partial("user/7", Position.of(3))),
            new TreeSet<>(Set.of("ticket")));
    assertThat(read(cursors.write(reading, LOG, DEVICE))).isEqualTo(reading);
  }

  @Test
  void alsoOfManyScopes() {
    Reading reading =
        new Reading(
            Position.of(4711),
            Position.of(4800),
            new TreeSet<>(),
            towns(400),
            List.of(),
            new TreeSet<>());
    String text = cursors.write(reading, LOG, DEVICE);
    assertThat(text).hasSizeLessThan(8192);
    assertThat(read(text)).isEqualTo(reading);
  }

  /** Nodes up to 0.1 of November 2026 did not note where the log ended. */
  @Test
  void oneOfAnOlderNodeGoesOn() {
    assertThat(
            read(
                "AQAFYS1sb2cAAAAAAAASZwAAAAIAAAACAAZ0b3duLzEABnVzZXIvNwAAAAEABnRpY2tldAAAAAEABnRv"
                    + "d24vMgAAAAAAAAAMAAAAAAAAAACg-r92JFNrzEJbtaEEf6MU"))
        .isEqualTo(
            new Reading(
                new Position(4711, 2),
                new Position(4711, 2),
                new TreeSet<>(Set.of("town/1", "user/7")),
                List.of(new Partial("town/2", Position.of(12))),
                List.of(),
                new TreeSet<>(Set.of("ticket"))));
  }

  @Test
  void alsoOneOfManyScopes() {
    Reading reading =
        read(
            "AnicVc_HCsJAFEbhWGKvsfdeNqIm1sdx5UbMRvD1BXN_Od7NZT4GZo7j3jaP8O58x7P9m7WTeoXv53b3p5Ht"
                + "7RSD-WZxWGCWgB3MkrCjmQs76UXY2SwNu5hlYFezbHQ7-rNCckSV5IlKKRDVUiQqpkRUTZmonApRPVWi"
                + "gjyiimpAX0V1oooaRBU1iSpqEVXUJqqoQ1RRl6iiHlFFfaKKBsBARUOiikZEFY2JKpoQVTQlqmhGVNGc"
                + "qKIFUUVLoopWtp0P-CVjOd9KbqTalszfaidnsPGxyAg");
    assertThat(reading)
        .isEqualTo(
            new Reading(
                Position.of(4711),
                Position.of(4711),
                new TreeSet<>(),
                towns(40),
                List.of(),
                new TreeSet<>()));
  }

  @Test
  void anotherOnesCursorIsNone() {
    String text = cursors.write(Reading.begin(Position.of(3), Set.of()), LOG, DEVICE);
    assertThat(cursors.read(text, LOG, "another")).isEqualTo(new Cursors.Invalid());
    assertThat(cursors.read(text, "another-log", DEVICE)).isEqualTo(new Cursors.Foreign());
  }

  private static List<Partial> towns(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Partial("town/" + i, Position.of(i)))
        .toList();
  }

  private Reading read(String text) {
    assertThat(cursors.read(text, LOG, DEVICE)).isInstanceOf(Cursors.Valid.class);
    return ((Cursors.Valid) cursors.read(text, LOG, DEVICE)).reading();
  }
}
