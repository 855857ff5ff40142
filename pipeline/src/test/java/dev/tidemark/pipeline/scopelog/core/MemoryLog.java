package dev.tidemark.pipeline.scopelog.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in maps. */
public final class MemoryLog implements LogStore {
  private final Map<String, NavigableMap<Position, Entry>> logs = new TreeMap<>();
  private final NavigableMap<String, NavigableMap<String, Latest>> rows = new TreeMap<>();
  private Position end = Position.START;
  private Position horizon = Position.START;

  /** Takes a record at an offset, as the log does. */
  public LogFold.Result take(long offset, ScopedRecord record) {
    LogFold.Result result = LogFold.apply(this, offset, record);
    end = Position.of(offset + 1);
    return result;
  }

  void forget(Position before) {
    for (Map.Entry<String, NavigableMap<Position, Entry>> log : logs.entrySet()) {
      for (Entry entry : List.copyOf(log.getValue().headMap(before).values())) {
        if (!entry.put()) {
          log.getValue().remove(entry.position());
          scopes(entry.type(), entry.id()).remove(log.getKey());
        }
      }
    }
    horizon = Position.later(horizon, before);
  }

  @Override
  public @Nullable Latest latest(String scope, String type, String id) {
    return scopes(type, id).get(scope);
  }

  @Override
  public List<String> scopesOf(String type, String id) {
    return List.copyOf(scopes(type, id).keySet());
  }

  @Override
  public void rowsOf(String type, Consumer<Row> each) {
    List<Row> all = new ArrayList<>();
    rows.forEach(
        (row, scopes) -> {
          if (row.startsWith(type + "/")) {
            scopes.keySet().forEach(s -> all.add(new Row(s, row.substring(type.length() + 1))));
          }
        });
    all.forEach(each);
  }

  @Override
  public void replace(String scope, @Nullable Latest before, Entry entry) {
    NavigableMap<Position, Entry> log = logs.computeIfAbsent(scope, _ -> new TreeMap<>());
    if (before != null) {
      log.remove(before.position());
    }
    if (log.put(entry.position(), entry) != null) {
      throw new IllegalStateException("two entries of " + scope + " at " + entry.position());
    }
    scopes(entry.type(), entry.id())
        .put(scope, new Latest(entry.position(), entry.entered(), entry.version(), entry.put()));
  }

  private NavigableMap<String, Latest> scopes(String type, String id) {
    return rows.computeIfAbsent(type + "/" + id, _ -> new TreeMap<>());
  }

  /** All there is, scope by scope. */
  public String text() {
    StringBuilder text = new StringBuilder();
    logs.forEach(
        (scope, log) -> {
          text.append(scope).append('\n');
          log.values()
              .forEach(
                  entry ->
                      text.append("  ")
                          .append(entry.position())
                          .append(entry.put() ? " put    " : " remove ")
                          .append(entry.type())
                          .append('/')
                          .append(entry.id())
                          .append(' ')
                          .append(entry.version())
                          .append(" since ")
                          .append(entry.entered())
                          .append('\n'));
        });
    return text.toString();
  }

  /** The log as it is now. */
  public LogView view() {
    Map<String, NavigableMap<Position, Entry>> copy = new TreeMap<>();
    logs.forEach((scope, log) -> copy.put(scope, new TreeMap<>(log)));
    NavigableMap<String, NavigableMap<String, Latest>> latest = new TreeMap<>();
    rows.forEach((row, scopes) -> latest.put(row, new TreeMap<>(scopes)));
    return new View(copy, latest, end, horizon);
  }

  private record View(
      Map<String, NavigableMap<Position, Entry>> logs,
      NavigableMap<String, NavigableMap<String, Latest>> rows,
      Position end,
      Position horizon)
      implements LogView {
    @Override
    public Position built() {
      return Position.START;
    }

    @Override
    public Entries entries(String scope, Position from) {
      NavigableMap<Position, Entry> log = logs.getOrDefault(scope, Collections.emptyNavigableMap());
      Iterator<Entry> entries = log.tailMap(from, true).values().iterator();
      return new Entries() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public Entry next() {
          return entries.next();
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }

    @Override
    public Optional<Latest> latest(String scope, String type, String id) {
      NavigableMap<String, Latest> scopes = rows.get(type + "/" + id);
      return scopes == null ? Optional.empty() : Optional.ofNullable(scopes.get(scope));
    }

    @Override
    public Optional<Entry> entry(String scope, String type, String id) {
      return logs.getOrDefault(scope, Collections.emptyNavigableMap()).values().stream()
          .filter(entry -> entry.type().equals(type) && entry.id().equals(id))
          .findFirst();
    }

    @Override
    public Optional<Entry> last(String scope) {
      NavigableMap<Position, Entry> log = logs.get(scope);
      return log == null || log.isEmpty()
          ? Optional.empty()
          : Optional.of(log.lastEntry().getValue());
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
