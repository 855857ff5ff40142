package dev.tidemark.api.interop;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.ReadSet;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Page;
import dev.tidemark.pipeline.scopelog.core.Page.Told;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Pull;
import dev.tidemark.pipeline.scopelog.core.Reading;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells WatermelonDB all that it lacks, in one answer, as of one moment. Table by table, because
 * the answer is: so no more than a page of rows is ever held, and the ids of those that are gone.
 */
@Singleton
final class WatermelonPull {
  private static final int PAGE = 500;
  private static final int PAGE_BYTES = 1 << 20;

  /** So many at a time: a first sync reads all rows of its scopes. */
  private static final int READERS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final ChangeFeed feed;
  private final DeviceMemory memory;
  private final Present present;
  private final Semaphore readers = new Semaphore(READERS);

  WatermelonPull(ChangeFeed feed, DeviceMemory memory, Present present) {
    this.feed = feed;
    this.memory = memory;
    this.present = present;
  }

  /** What kind of pull it was. */
  enum Kind {
    FIRST,
    DELTA,
    REPLACEMENT
  }

  /** Writes the answer. May block. */
  Kind write(WatermelonQuestion question, String device, Set<String> scopes, OutputStream out) {
    acquire();
    try {
      present.await();
      return answer(question, device, scopes, out);
    } catch (IOException e) {
      throw new UncheckedIOException("an answer cannot be written", e);
    } finally {
      readers.release();
    }
  }

  private void acquire() {
    try {
      if (readers.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ProblemException(
        Problem.unavailable("This node answers as many pulls as it can.", RETRY));
  }

  private Optional<Since> since(String device, WatermelonQuestion question) {
    return question.lastPulled().isPresent()
        ? since(device, question.lastPulled().getAsLong())
        : Optional.empty();
  }

  /** A device that has read up to there, as the log that is here has it. */
  Optional<Since> since(String device, long timestamp) {
    return LastPulled.of(timestamp)
        .flatMap(
            last ->
                memory
                    .readSet(device, last.set())
                    .filter(set -> set.log().equals(feed.log()))
                    .map(set -> new Since(last.offset(), set)));
  }

  /** How far a device has read, and what. */
  record Since(long offset, ReadSet set) {
    Reading reading(String type) {
      return Reading.settled(Position.of(offset), set.scopes(), Set.of(type));
    }
  }

  private Kind answer(
      WatermelonQuestion question, String device, Set<String> scopes, OutputStream out)
      throws IOException {
    Map<String, Rows> rows = new HashMap<>();
    question.tables().forEach(table -> rows.put(table, present.rows(Dialect.WATERMELON, table)));
    Optional<Since> named = since(device, question);
    int set = memory.numberOf(device, ReadSet.of(feed.log(), scopes, question.tables()));
    // Whoever is told everything is owed nothing.
    Set<EntityKey> owed = memory.owed(device, named.map(Since::offset).orElse(Long.MAX_VALUE));
    // Its number may be another set's by now, or its sets forgotten together with what was owed.
    boolean isStill = named.equals(since(device, question));
    try (LogView log = feed.view()) {
      Optional<Since> since = named.filter(one -> isStill && canGoOn(log, one));
      Kind kind =
          since.isPresent()
              ? Kind.DELTA
              : question.lastPulled().isPresent() ? Kind.REPLACEMENT : Kind.FIRST;
      try (JsonGenerator json = WireSerdes.exactJson().getFactory().createGenerator(out)) {
        json.writeStartObject();
        json.writeObjectFieldStart("changes");
        for (Map.Entry<String, Rows> table : rows.entrySet()) {
          String type = table.getKey();
          Set<String> its = new TreeSet<>();
          owed.stream().filter(row -> row.type().equals(type)).map(EntityKey::id).forEach(its::add);
          boolean whole = question.migrated().contains(type);
          new Table(log, scopes, type, table.getValue(), its, json).write(since, whole);
        }
        json.writeEndObject();
        json.writeNumberField("timestamp", new LastPulled(log.end().offset(), set).timestamp());
        if (kind == Kind.REPLACEMENT) {
          json.writeStringField("experimentalStrategy", "replacement");
        }
        json.writeEndObject();
      }
      return kind;
    }
  }

  private static boolean canGoOn(LogView log, Since since) {
    Position at = Position.of(since.offset());
    return !log.end().isBefore(at) && !at.isBefore(log.horizon());
  }

  /** One table of the answer. */
  private static final class Table {
    private final LogView log;
    private final Set<String> scopes;
    private final String type;
    private final Rows rows;
    private final JsonGenerator json;

    /** Rows of which it has to be looked up what they are now. */
    private final Set<String> open;

    private Table(
        LogView log,
        Set<String> scopes,
        String type,
        Rows rows,
        Set<String> owed,
        JsonGenerator json) {
      this.log = log;
      this.scopes = scopes;
      this.type = type;
      this.rows = rows;
      this.json = json;
      this.open = owed;
    }

    private void write(Optional<Since> since, boolean whole) throws IOException {
      Optional<Since> known = since.filter(one -> one.set().types().contains(type));
      json.writeObjectFieldStart(type);
      json.writeArrayFieldStart("created");
      json.writeEndArray();
      json.writeArrayFieldStart("updated");
      if (known.isPresent()) {
        tell(known.get().reading(type), !whole);
      }
      if (known.isEmpty() || whole) {
        tell(Reading.begin(log.end(), new TreeSet<>(Set.of(type))), true);
      }
      List<String> gone = new ArrayList<>();
      for (String id : open) {
        Optional<Entry> row = log.newest(scopes, type, id).filter(Entry::put);
        if (row.isPresent()) {
          writeRow(row.get());
        } else {
          gone.add(id);
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("deleted");
      for (String id : gone) {
        json.writeString(id);
      }
      json.writeEndArray();
      json.writeEndObject();
    }

    private void tell(Reading from, boolean puts) throws IOException {
      Reading reading = from;
      boolean more = true;
      while (more) {
        Page page = Pull.page(log, reading, scopes, PAGE, PAGE_BYTES);
        for (Told told : page.changes()) {
          String id = told.entry().id();
          if (!told.put() || !isLast(told.entry())) {
            open.add(id);
          } else if (puts) {
            writeRow(told.entry());
            open.remove(id);
          }
        }
        reading = page.reading();
        more = page.more();
      }
    }

    /** Of a row that is on its way from one scope to another only the last word is told. */
    private boolean isLast(Entry entry) {
      return scopes.size() == 1
          || log.newest(scopes, type, entry.id())
              .filter(now -> now.put() && now.version().equals(entry.version()))
              .isPresent();
    }

    private void writeRow(Entry entry) throws IOException {
      WireSerdes.exactJson().writeTree(json, rows.told(entry));
    }
  }
}
