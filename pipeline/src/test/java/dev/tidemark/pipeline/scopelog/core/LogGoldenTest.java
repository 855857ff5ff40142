package dev.tidemark.pipeline.scopelog.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.Version;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * One history, and what the log keeps of it and tells two devices. The file is meant to be read; it
 * changes only on purpose.
 */
class LogGoldenTest {
  private final MemoryLog log = new MemoryLog();
  private final StringBuilder text = new StringBuilder();
  private long offset = 10;

  @Test
  void aHistoryIsToldAsItIsWrittenDown() throws IOException {
    title("A ticket and its note come to town/1, another ticket to both town/1 and user/7");
    put("ticket", "1", 100, "town/1");
    put("note", "1", 101, "town/1");
    put("ticket", "2", 102, "town/1", "user/7");
    Reading clerk = pull("the clerk of town/1", null, "town/1");
    Reading both = pull("who sees town/1 and user/7", null, "town/1", "user/7");

    title("The first ticket is changed twice: only the last of it stays");
    put("ticket", "1", 110, "town/1");
    put("ticket", "1", 111, "town/1");
    clerk = pull("the clerk of town/1", clerk, "town/1");

    title("The second ticket leaves town/1 and stays with user/7");
    remove("ticket", "2", 120, "town/1", "user/7");
    put("ticket", "2", 120, "user/7");
    clerk = pull("the clerk of town/1", clerk, "town/1");
    both = pull("who sees town/1 and user/7", both, "town/1", "user/7");

    title("An older version comes again: nothing happens");
    put("ticket", "1", 110, "town/1");

    title("user/7 is taken from who saw both, and town/2 is given to the clerk");
    put("ticket", "3", 130, "town/2");
    both = pull("who saw user/7 before", both, "town/1");
    clerk = pull("the clerk of town/1 and town/2", clerk, "town/1", "town/2");

    title("Changes were lost: ticket 1 is read again, ticket 3 has vanished unseen");
    everywhere("ticket", "1", new Version(2, 0), "town/1");
    record("town/1", List.of("town/1"), "ticket", "1", Kind.PUT, new Version(2, 0));
    everywhere("ticket", "3", new Version(2, 0));
    clerk = pull("the clerk of town/1 and town/2", clerk, "town/1", "town/2");

    title("All tickets are truncated");
    record(null, List.of(), "ticket", null, Kind.TRUNCATE, new Version(2, 500));
    pull("the clerk of town/1 and town/2", clerk, "town/1", "town/2");
    pull("who saw user/7 before", both, "town/1");
    pull("somebody new in town/1", null, "town/1");

    assertThat(text.toString()).isEqualTo(golden());
  }

  private void title(String title) {
    text.append("\n# ").append(title).append('\n');
  }

  private Reading pull(String who, @Nullable Reading from, String... scopes) {
    try (LogView view = log.view()) {
      Reading reading = from == null ? Reading.begin(view.end(), Set.of()) : from;
      Page page = Pull.page(view, reading, Set.of(scopes), 100, 100_000);
      text.append(who).append(from == null ? " (first)" : "").append(" is told\n");
      for (Page.Told told : page.changes()) {
        Entry entry = told.entry();
        text.append("    ")
            .append(told.put() ? "put    " : "remove ")
            .append(entry.type())
            .append('/')
            .append(entry.id())
            .append(" at ")
            .append(entry.version())
            .append('\n');
      }
      if (page.changes().isEmpty()) {
        text.append("    nothing\n");
      }
      assertThat(page.more()).isFalse();
      return page.reading();
    }
  }

  private void put(String type, String id, long lsn, String... scopes) {
    for (String scope : scopes) {
      record(scope, List.of(scopes), type, id, Kind.PUT, new Version(1, lsn));
    }
  }

  private void remove(String type, String id, long lsn, String from, String... now) {
    record(from, List.of(now), type, id, Kind.REMOVE, new Version(1, lsn));
  }

  private void everywhere(String type, String id, Version version, String... but) {
    record(null, List.of(but), type, id, Kind.REMOVE, version);
  }

  private void record(
      @Nullable String scope,
      List<String> scopes,
      String type,
      @Nullable String id,
      Kind kind,
      Version version) {
    ScopedRecord record =
        new ScopedRecord(
            scope, scopes, type, id, kind, version, 0, 0, null, (type + id + kind).getBytes(UTF_8));
    LogFold.Result result = log.take(offset, record);
    text.append(offset)
        .append(' ')
        .append(scope == null ? "everywhere but " + scopes : scope)
        .append(": ")
        .append(kind.text())
        .append(' ')
        .append(type)
        .append(id == null ? "" : "/" + id)
        .append(" at ")
        .append(version)
        .append(result == LogFold.Result.KNOWN ? " (known)" : "")
        .append('\n');
    offset++;
  }

  private String golden() throws IOException {
    try (InputStream in = LogGoldenTest.class.getResourceAsStream("/scopelog/history.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
