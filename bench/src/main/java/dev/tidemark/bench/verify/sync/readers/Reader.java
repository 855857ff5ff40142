package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.Version;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A device that reads. It carries its cursor from node to node, and its copy of the rows changes
 * only together with the cursor. One thread works; another may compare.
 */
abstract class Reader implements Runnable {
  private static final int FLAWED = 20;

  /** One of its moods comes that often. */
  private static final int SELDOM = 50;

  private static final int REMEMBERED = 12;

  final Setup setup;
  final Random random;
  final Notes notes;
  private final World world;
  private final Copy copy;
  private final Deque<String> told = new ArrayDeque<>();
  private @Nullable String cursor;
  private String token = "";
  private volatile boolean steady;
  private volatile boolean closed;

  /**
   * Who it is.
   *
   * @param scopes sets of scopes among which it changes now and then; one set if it does not
   * @param types the types that it reads; empty means all
   * @param moody whether it starts anew more often, or is silent for a while
   */
  record Setup(String name, List<Set<String>> scopes, Set<String> types, boolean moody, Flaw flaw) {
    Setup {
      scopes = List.copyOf(scopes);
      types = new TreeSet<>(types);
    }
  }

  /** What all readers share. */
  record World(Ground ground, List<Door> doors, Readers.Signer signer, Moments moments) {
    World {
      doors = List.copyOf(doors);
    }
  }

  /** Whether rows are complete yet, so that what holds between them can be asked for. */
  interface Moments {
    boolean count();
  }

  Reader(Setup setup, World world, Notes notes, Random random) {
    this.setup = setup;
    this.world = world;
    this.notes = notes;
    this.random = random;
    this.copy = new Copy(world.ground());
    see(setup.scopes().getFirst());
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      notes.add(Kind.UNEXPECTED, setup.name(), "failed: " + e);
    }
  }

  abstract void step() throws InterruptedException;

  void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  /** Lets it have no moods for a while: the same scopes, no fresh start, no cut. */
  void steady(boolean now) {
    steady = now;
  }

  boolean isSteady() {
    return steady;
  }

  /** Changes what it may see, or starts anew, now and then. */
  void mood() {
    if (steady) {
      return;
    }
    if (setup.scopes().size() > 1 && random.nextInt(SELDOM / 3) == 0) {
      see(setup.scopes().get(random.nextInt(setup.scopes().size())));
      notes.scopeChanges.increment();
    }
    if (random.nextInt(setup.moody() ? SELDOM / 2 : 4 * SELDOM) == 0) {
      startAnew();
    }
  }

  private synchronized void see(Set<String> scopes) {
    copy.see(scopes);
    token = world.signer().sign(setup.name(), List.copyOf(scopes));
  }

  synchronized void startAnew() {
    copy.clear();
    cursor = null;
    notes.freshStarts.increment();
  }

  synchronized Optional<String> cursor() {
    return Optional.ofNullable(cursor);
  }

  synchronized String token() {
    return token;
  }

  synchronized Set<String> scopes() {
    return copy.scopes();
  }

  Door door() {
    return world.doors().get(random.nextInt(world.doors().size()));
  }

  /**
   * Takes what it was told, and where to go on.
   *
   * @param whole whether it holds now what the database held at one moment
   */
  synchronized void take(JsonNode changes, String next, boolean whole) {
    // What it was told before anything happened is left alone, or the start would never be over.
    Flaw flaw = world.moments().count() ? setup.flaw() : Flaw.NONE;
    for (JsonNode change : changes) {
      notes.changes.increment();
      boolean nowAndThen = random.nextInt(FLAWED) == 0;
      boolean skipped = flaw == Flaw.SKIPS && nowAndThen;
      boolean kept = flaw == Flaw.KEEPS && change.path("kind").asText().equals("remove");
      if (skipped || kept) {
        continue;
      }
      if (!setup.types().isEmpty() && !setup.types().contains(change.path("type").asText())) {
        notes.add(Kind.UNEXPECTED, setup.name(), "a type it does not read: " + change);
      }
      complain(copy.apply(change));
      if (flaw == Flaw.REPEATS && nowAndThen) {
        complain(copy.apply(change));
      }
    }
    if (!next.isEmpty()) {
      cursor = next;
    }
    remember(changes, whole);
    if (whole && setup.types().isEmpty() && world.moments().count()) {
      notes.moments.increment();
      copy.broken().ifPresent(this::torn);
    }
  }

  /**
   * Whoever has to explain it has to know whether a node shows the same to somebody who begins
   * anew, or whether this reader alone was told wrongly.
   */
  private void torn(String what) {
    List<String> lines = new ArrayList<>();
    lines.add(what);
    lines.add("  scopes %s, cursor %s".formatted(copy.scopes(), cursor));
    lines.add("  has " + copy.text());
    world.doors().forEach(door -> lines.add("  " + door + " " + anew(door)));
    told.forEach(page -> lines.add("  was told " + page));
    notes.add(Kind.TORN, setup.name(), String.join("\n  ", lines));
  }

  /** What a node shows to somebody with the same scopes who has nothing. */
  private String anew(Door door) {
    Copy fresh = new Copy(world.ground());
    fresh.see(copy.scopes());
    String path = "/api/sync/changes?limit=5000";
    try {
      Door.Answer answer = door.get(path, token);
      while (answer.status() == 200) {
        JsonNode page = answer.json();
        page.path("changes").forEach(fresh::apply);
        String next = page.path("cursor").asText();
        if (!page.path("has_more").asBoolean()) {
          return "shows who begins anew %s: %s"
              .formatted(fresh.broken().orElse("what is whole"), fresh.text());
        }
        answer = door.get(path + "&cursor=" + next, token);
      }
      return "answers " + answer.status();
    } catch (IOException e) {
      return "does not answer: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "was not asked";
    }
  }

  private void remember(JsonNode changes, boolean whole) {
    StringBuilder text = new StringBuilder(whole ? "whole" : "part");
    for (JsonNode change : changes) {
      text.append(", ").append(change.path("kind").asText()).append(' ');
      text.append(change.path("type").asText()).append('/').append(change.path("id").asText());
      text.append('@').append(change.path("version").asText());
    }
    told.addLast(text.toString());
    if (told.size() > REMEMBERED) {
      told.removeFirst();
    }
  }

  private void complain(Optional<Copy.Complaint> complaint) {
    complaint.ifPresent(one -> notes.add(one.kind(), setup.name(), one.text()));
  }

  /** Whether the row that it has is older than that; false if it has none. */
  synchronized boolean isBehind(String key, Version version) {
    return copy.version(key).filter(version::isAfter).isPresent();
  }

  /** Compares with what there is. */
  synchronized Map<String, Copy.Complaint> differences(Map<String, ObjectNode> truth) {
    return copy.differences(truth, setup.types());
  }

  void pause(int atMostMillis) throws InterruptedException {
    Thread.sleep(random.nextInt(steady ? Math.min(atMostMillis, 50) : atMostMillis));
  }
}
