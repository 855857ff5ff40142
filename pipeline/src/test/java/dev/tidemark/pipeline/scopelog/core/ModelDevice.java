package dev.tidemark.pipeline.scopelog.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Version;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A device that pulls now and then, and whose rights change. */
public final class ModelDevice {
  private final Random random;
  private final Set<String> types;
  private final Map<String, Version> rows = new TreeMap<>();
  private final Map<String, Version> gone = new TreeMap<>();
  private Set<String> scopes = new TreeSet<>();
  private @Nullable Reading reading;
  private boolean steady = true;

  public ModelDevice(Random random) {
    this.random = random;
    this.types = random.nextInt(4) == 0 ? Set.of("ticket") : Set.of();
    enter();
  }

  /** Gets other rights. */
  public void enter() {
    scopes = new TreeSet<>();
    for (String scope : World.SCOPES) {
      if (random.nextInt(3) != 0) {
        scopes.add(scope);
      }
    }
    steady = false;
    // What is given back may be told once more from where the device is.
    gone.clear();
  }

  /**
   * Pulls a page.
   *
   * @return whether there is more
   */
  public boolean pull(LogView log, int limit) {
    Reading before = reading == null ? Reading.begin(log.end(), types) : reading;
    if (Pull.isExpired(log, before)) {
      rows.clear();
      gone.clear();
      before = Reading.begin(log.end(), types);
    }
    Page page = Pull.page(log, before, scopes, limit, 1 + random.nextInt(400));
    for (Page.Told told : page.changes()) {
      take(told.entry(), told.put());
    }
    if (log.end().isBefore(before.seen())) {
      assertThat(page).isEqualTo(new Page(List.of(), before, true));
      return true;
    }
    assertThat(page.more() || !page.reading().equals(before) || page.changes().isEmpty())
        .as("a page without an end")
        .isTrue();
    assertThat(page.reading().equals(before) && page.more()).as("no progress").isFalse();
    reading = page.reading();
    steady = steady || !page.more();
    return page.more();
  }

  private void take(Entry entry, boolean put) {
    String key = entry.type() + "/" + entry.id();
    Version has = rows.get(key);
    if (put) {
      if (has != null && steady) {
        assertThat(entry.version()).as("told twice, or going back: " + key).isGreaterThan(has);
      }
      rows.put(key, entry.version());
      gone.remove(key);
    } else {
      if (has != null && steady) {
        assertThat(entry.version()).as("an old removal: " + key).isGreaterThan(has);
      }
      rows.remove(key);
      Version before = gone.put(key, entry.version());
      if (before != null) {
        assertThat(entry.version()).as("told twice that it is gone: " + key).isGreaterThan(before);
      }
    }
  }

  @Override
  public String toString() {
    return scopes + " " + reading + " " + rows;
  }

  public Map<String, Version> rows() {
    return rows;
  }

  public Set<String> scopes() {
    return scopes;
  }

  public Set<String> types() {
    return types;
  }
}
