package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.sync.readers.Reader.Setup;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** All who read. */
public final class Readers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** For those of whom one will never have everything. */
  private static final Duration WITH_FLAW = Duration.ofSeconds(10);

  private static final Duration LATECOMERS = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Set<String> ALL_TYPES = Set.of();

  private final List<Reader> all = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Notes notes;
  private final Duration patience;
  private volatile boolean complete;

  /**
   * Which scopes there are, of which readers see some.
   *
   * @param owners two that rows move between
   * @param places three that rows move between, none without the other
   * @param guests two in which rows are besides
   */
  public record Scopes(List<String> owners, List<String> places, List<String> guests) {
    public Scopes {
      owners = List.copyOf(owners);
      places = List.copyOf(places);
      guests = List.copyOf(guests);
    }

    private Set<String> all() {
      List<String> all = new ArrayList<>(owners);
      all.addAll(places);
      all.addAll(guests);
      return Set.copyOf(all);
    }
  }

  /** Makes a token. */
  @FunctionalInterface
  public interface Signer {
    String sign(String device, List<String> scopes);
  }

  /** Every row that there is, by type/id. */
  @FunctionalInterface
  public interface Truth {
    Map<String, ObjectNode> rows() throws SQLException;
  }

  public Readers(
      Ground ground,
      Scopes scopes,
      List<Door> doors,
      Signer signer,
      Settlements settlements,
      Flaw flaw,
      Findings findings,
      long seed) {
    notes = new Notes(findings);
    patience = flaw == Flaw.NONE ? PATIENCE : WITH_FLAW;
    Reader.World world = new Reader.World(ground, doors, signer, () -> complete);
    String north = scopes.owners().get(0);
    String south = scopes.owners().get(1);
    String one = scopes.places().get(0);
    String two = scopes.places().get(1);
    String three = scopes.places().get(2);
    String guest = scopes.guests().get(0);
    String other = scopes.guests().get(1);
    List<Set<String>> changing =
        List.of(
            Set.of(north, one),
            Set.of(north, one, two),
            Set.of(two, guest),
            Set.of(south, two, three, guest),
            scopes.all());
    List<Setup> pulling =
        List.of(
            new Setup("pull-all", List.of(scopes.all()), ALL_TYPES, false, flaw),
            new Setup("pull-owner", List.of(Set.of(north)), ALL_TYPES, false, Flaw.NONE),
            new Setup("pull-guest", List.of(Set.of(one, guest)), ALL_TYPES, false, Flaw.NONE),
            new Setup(
                "pull-anew", List.of(Set.of(south, two)), Set.of("item", "crate"), true, flaw),
            new Setup("pull-changing", changing, ALL_TYPES, false, Flaw.NONE));
    List<Setup> listening =
        List.of(
            new Setup("live-all", List.of(scopes.all()), ALL_TYPES, false, flaw),
            new Setup("live-owner", List.of(Set.of(south)), ALL_TYPES, false, Flaw.NONE),
            new Setup("live-guest", List.of(Set.of(three, other)), ALL_TYPES, false, Flaw.NONE),
            new Setup("live-silent", List.of(Set.of(north, one, two)), ALL_TYPES, true, Flaw.NONE),
            new Setup("live-changing", changing, ALL_TYPES, false, Flaw.NONE));
    int number = 0;
    for (Setup setup : pulling) {
      all.add(new PullingReader(setup, world, notes, dice(seed, number++), settlements));
    }
    for (Setup setup : listening) {
      all.add(new ListeningReader(setup, world, notes, dice(seed, number++)));
    }
  }

  private static Random dice(long seed, int number) {
    return new Random(seed * 1_000 + 900 + number);
  }

  /** Lets them read, and waits until each has all rows that there are at first. */
  public void start(Truth truth) throws SQLException, InterruptedException {
    for (Reader reader : all) {
      threads.add(Thread.ofVirtual().name(reader.setup.name()).start(reader));
    }
    check("at first", truth);
    complete = true;
  }

  /** While nobody writes: waits until each has exactly the rows of its scopes, and compares. */
  public void check(String when, Truth truth) throws SQLException, InterruptedException {
    all.forEach(reader -> reader.steady(true));
    try {
      Map<String, ObjectNode> rows = truth.rows();
      long deadline = System.nanoTime() + (complete ? patience : PATIENCE).toNanos();
      while (!wrong(rows).isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(POLL);
      }
      // What comes now would be wrong.
      Thread.sleep(LATECOMERS);
      wrong(rows)
          .forEach(
              (who, wrong) ->
                  wrong.forEach(one -> notes.add(one.kind(), who + " " + when, one.text())));
    } finally {
      all.forEach(reader -> reader.steady(false));
    }
  }

  private Map<String, List<Copy.Complaint>> wrong(Map<String, ObjectNode> rows) {
    Map<String, List<Copy.Complaint>> wrong = new TreeMap<>();
    for (Reader reader : all) {
      Map<String, Copy.Complaint> own = new HashMap<>(reader.differences(rows));
      if (!own.isEmpty()) {
        wrong.put(reader.setup.name(), List.copyOf(own.values()));
      }
    }
    return wrong;
  }

  /** What they did, in words. */
  public List<String> said() {
    return List.of(
        "readers %d  %,d changes in %,d pages and %,d messages, %,d fresh starts, %,d changes of scopes, %,d connections"
            .formatted(
                all.size(),
                notes.changes.sum(),
                notes.pages.sum(),
                notes.messages.sum(),
                notes.freshStarts.sum(),
                notes.scopeChanges.sum(),
                notes.reconnects.sum()),
        "           %,d refusals, %,d silences, %,d cursors expired, %,d waits for own writes, %,d moments looked at"
            .formatted(
                notes.refusals.sum(),
                notes.silences.sum(),
                notes.expired.sum(),
                notes.ownWrites.sum(),
                notes.moments.sum()));
  }

  /** Fewer changes than this prove nothing. */
  public long changes() {
    return notes.changes.sum();
  }

  @Override
  public void close() {
    all.forEach(Reader::close);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofSeconds(30))) {
          notes.add(Kind.UNEXPECTED, thread.getName(), "does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
