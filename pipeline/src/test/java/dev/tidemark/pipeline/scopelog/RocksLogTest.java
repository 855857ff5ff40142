package dev.tidemark.pipeline.scopelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogFold;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.MemoryLog;
import dev.tidemark.pipeline.scopelog.core.ModelDevice;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.ScopedRecord;
import dev.tidemark.pipeline.scopelog.core.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store does what the maps do, and survives what they do not. */
class RocksLogTest {
  private static final long MEMORY = 8 << 20;
  private static final int WORLDS = 40;

  @TempDir Path directory;

  @Test
  void itHoldsWhatMapsHold() {
    for (int seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = new World(random);
      MemoryLog maps = new MemoryLog();
      ModelDevice device = new ModelDevice(random);
      try (RocksLog log = RocksLog.open(directory.resolve("world-" + seed), "a-topic", MEMORY)) {
        log.built(0);
        long offset = 0;
        for (int i = 0; i < 50; i++) {
          for (ScopedRecord record : world.commit()) {
            maps.take(offset, record);
            take(log, offset, record);
            offset++;
          }
          try (LogView view = log.view()) {
            device.pull(view, 1 + random.nextInt(5));
          }
        }
        assertThat(text(log)).as("seed " + seed).isEqualTo(text(maps.view()));
        boolean more = true;
        while (more) {
          try (LogView view = log.view()) {
            more = device.pull(view, 3);
          }
        }
        assertThat(device.rows())
            .as("seed " + seed)
            .isEqualTo(world.visible(device.scopes(), device.types()));
      }
    }
  }

  @Test
  void afterACrashItGoesOnWhereItWas() throws IOException {
    for (int seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = new World(random);
      List<ScopedRecord> records = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        records.addAll(world.commit());
      }
      Path whole = directory.resolve("whole-" + seed);
      Path crashed = directory.resolve("crashed-" + seed);
      int crash = random.nextInt(records.size());
      String expected;
      try (RocksLog log = RocksLog.open(whole, "a-topic", MEMORY)) {
        for (int i = 0; i < records.size(); i++) {
          if (i == crash) {
            copy(whole, crashed);
          }
          take(log, i, records.get(i));
        }
        expected = text(log);
      }
      try (RocksLog log = RocksLog.open(crashed, "a-topic", MEMORY)) {
        assertThat(log.next()).isLessThanOrEqualTo(crash);
        for (int i = Math.toIntExact(log.next()); i < records.size(); i++) {
          take(log, i, records.get(i));
        }
        assertThat(text(log)).as("seed " + seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void aClosedOneIsAsItWas() {
    List<ScopedRecord> records = new World(new Random(1)).commit();
    String before;
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      log.built(7);
      for (int i = 0; i < records.size(); i++) {
        take(log, i, records.get(i));
      }
      before = text(log);
    }
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      assertThat(log.next()).isEqualTo(records.size());
      assertThat(log.isBuilt()).isTrue();
      assertThat(text(log)).isEqualTo(before);
      try (LogView view = log.view()) {
        assertThat(view.built()).isEqualTo(Position.of(7));
      }
    }
  }

  @Test
  void aViewShowsWhatHasBeenShown() {
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      LogFold.apply(log, 41, new World(new Random(1)).commit().getFirst());
      log.commit(42);
      try (LogView before = log.view()) {
        assertThat(before.end()).isEqualTo(Position.START);
        log.show();
        assertThat(before.end()).isEqualTo(Position.START);
        assertThat(text(log)).isNotEmpty();
      }
    }
  }

  @Test
  void theLogOfAnotherTopicIsThrownAway() {
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      take(log, 41, new World(new Random(1)).commit().getFirst());
      assertThat(log.next()).isEqualTo(42);
    }
    try (RocksLog log = RocksLog.open(directory, "another-topic", MEMORY)) {
      assertThat(log.next()).isZero();
      assertThat(text(log)).isEmpty();
    }
  }

  @Test
  void aViewDoesNotMove() {
    World world = new World(new Random(3));
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      long offset = 0;
      for (ScopedRecord record : world.commit()) {
        take(log, offset++, record);
      }
      try (LogView view = log.view()) {
        String before = text(view);
        for (int i = 0; i < 30; i++) {
          for (ScopedRecord record : world.commit()) {
            take(log, offset++, record);
          }
        }
        assertThat(text(view)).isEqualTo(before);
      }
    }
  }

  @Test
  void oldRemovalsAreForgottenAndTheHorizonSaysSo() {
    World world = new World(new Random(5));
    try (RocksLog log = RocksLog.open(directory, "a-topic", MEMORY)) {
      long offset = 0;
      for (int i = 0; i < 200; i++) {
        for (ScopedRecord record : world.commit()) {
          take(log, offset++, record);
        }
      }
      List<Entry> removals = removals(log);
      assertThat(removals).hasSizeGreaterThan(4);
      Entry newest =
          removals.stream().max((a, b) -> a.position().compareTo(b.position())).orElseThrow();
      int count = log.forget(newest.committedMicros(), 1_000);
      assertThat(count).isPositive();
      assertThat(removals(log))
          .hasSize(removals.size() - count)
          .extracting(Entry::position)
          .contains(newest.position());
      try (LogView view = log.view()) {
        assertThat(view.horizon()).isGreaterThan(Position.START);
        assertThat(view.horizon()).isLessThanOrEqualTo(newest.position());
      }
      assertThat(log.forget(Long.MIN_VALUE, 1_000)).isZero();
    }
  }

  @Test
  void nobodyReadsAClosedOne() {
    RocksLog log = RocksLog.open(directory, "a-topic", MEMORY);
    log.close();
    assertThatThrownBy(log::view).isInstanceOf(LogClosed.class);
  }

  private static void take(RocksLog log, long offset, ScopedRecord record) {
    LogFold.apply(log, offset, record);
    log.commit(offset + 1);
    log.show();
  }

  private static List<Entry> removals(RocksLog log) {
    List<Entry> removals = new ArrayList<>();
    try (LogView view = log.view()) {
      for (String scope : World.SCOPES) {
        try (LogView.Entries entries = view.entries(scope, Position.START)) {
          entries.forEachRemaining(
              entry -> {
                if (!entry.put()) {
                  removals.add(entry);
                }
              });
        }
      }
    }
    return removals;
  }

  private static String text(RocksLog log) {
    try (LogView view = log.view()) {
      return text(view);
    }
  }

  private static String text(LogView view) {
    StringBuilder text = new StringBuilder();
    for (String scope : World.SCOPES) {
      try (LogView.Entries entries = view.entries(scope, Position.START)) {
        while (entries.hasNext()) {
          Entry entry = entries.next();
          text.append(scope)
              .append(' ')
              .append(entry.position())
              .append(entry.put() ? " put " : " remove ")
              .append(entry.type())
              .append('/')
              .append(entry.id())
              .append(' ')
              .append(entry.version())
              .append(' ')
              .append(entry.scopes())
              .append(" since ")
              .append(entry.entered())
              .append(' ')
              .append(new String(entry.change(), java.nio.charset.StandardCharsets.UTF_8))
              .append('\n');
        }
      }
      view.last(scope).ifPresent(last -> text.append("last ").append(last.position()));
    }
    return text.toString();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(path -> !path.endsWith("LOCK")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
