package dev.tidemark.bench.verify.cache;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The rows of one block, as they are or as they will be after a commit. Mutable, one thread. */
final class State {
  static final int THINGS = 6;
  static final int PLACES = 3;
  static final int LABELS = 2;
  static final int CRUMBS = 4;
  static final int NOWHERE = -1;

  final int block;
  final int[] place = new int[THINGS];
  final int[] label = new int[THINGS];
  final long[] revision = new long[THINGS];
  final long[] labelRevision = new long[LABELS];

  /** 0 where there is none. */
  final long[] crumb = new long[CRUMBS];

  /** Shared by all copies: what was rolled back has numbers that never come again. */
  private final AtomicLong last;

  State(int block) {
    this(block, new AtomicLong());
  }

  private State(int block, AtomicLong last) {
    this.block = block;
    this.last = last;
    Arrays.fill(place, NOWHERE);
  }

  State copy() {
    State copy = new State(block, last);
    System.arraycopy(place, 0, copy.place, 0, THINGS);
    System.arraycopy(label, 0, copy.label, 0, THINGS);
    System.arraycopy(revision, 0, copy.revision, 0, THINGS);
    System.arraycopy(labelRevision, 0, copy.labelRevision, 0, LABELS);
    System.arraycopy(crumb, 0, copy.crumb, 0, CRUMBS);
    return copy;
  }

  /** A number for a row that changes, greater than any before. */
  long next() {
    return last.incrementAndGet();
  }

  /** Leaves out as many numbers. */
  void skip(long count) {
    last.addAndGet(count);
  }

  int id(int thing) {
    return block * 100 + thing;
  }

  boolean present(int thing) {
    return place[thing] != NOWHERE;
  }

  // The answers, to the byte as Postgres writes them.

  String thingsAt(int where) {
    return list(
        where,
        thing ->
            "{\"id\":%d,\"revision\":%d,\"block\":%d,\"label\":%d,\"label_revision\":%d}"
                .formatted(
                    id(thing), revision[thing], block, label[thing], labelRevision[label[thing]]));
  }

  String plainAt(int where) {
    return list(where, this::plain);
  }

  String board() {
    StringBuilder rows = new StringBuilder("[");
    for (int thing = 0; thing < THINGS; thing++) {
      if (present(thing)) {
        rows.append(rows.length() == 1 ? "" : ",").append(plain(thing));
      }
    }
    return rows.append(']').toString();
  }

  String tally(int where) {
    int things = 0;
    long revisions = 0;
    for (int thing = 0; thing < THINGS; thing++) {
      if (place[thing] == where) {
        things++;
        revisions += revision[thing];
      }
    }
    return "{\"things\":%d,\"revisions\":%d}".formatted(things, revisions);
  }

  @Nullable String thing(int thing) {
    return present(thing) ? plain(thing) : null;
  }

  String crumbs(int pile) {
    StringBuilder rows = new StringBuilder("[");
    for (int i = 0; i < CRUMBS; i++) {
      if (crumb[i] != 0 && i % 2 == pile) {
        rows.append(rows.length() == 1 ? "" : ",")
            .append("{\"id\":%d,\"revision\":%d}".formatted(i, crumb[i]));
      }
    }
    return rows.append(']').toString();
  }

  private String plain(int thing) {
    return "{\"id\":%d,\"revision\":%d}".formatted(id(thing), revision[thing]);
  }

  private interface Line {
    String of(int thing);
  }

  private String list(int where, Line line) {
    StringBuilder rows = new StringBuilder("[");
    for (int thing = 0; thing < THINGS; thing++) {
      if (place[thing] == where) {
        rows.append(rows.length() == 1 ? "" : ",").append(line.of(thing));
      }
    }
    return rows.append(']').toString();
  }

  /** Whether the rows are the same. */
  boolean same(State other) {
    return text().equals(other.text());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int thing = 0; thing < THINGS; thing++) {
      text.append(
          present(thing)
              ? "%d@%d/%d#%d ".formatted(thing, place[thing], label[thing], revision[thing])
              : thing + "- ");
    }
    return text + Arrays.toString(labelRevision) + Arrays.toString(crumb);
  }

  @Override
  public String toString() {
    return text();
  }
}
