package dev.tidemark.pipeline.scopelog.core;

import dev.tidemark.pipeline.scopelog.core.LogView.Entries;
import dev.tidemark.pipeline.scopelog.core.Page.Told;
import dev.tidemark.pipeline.scopelog.core.Reading.Partial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a device gets next, in three parts: rows of scopes that were taken from it go, rows
 * of scopes that it was given come, and then everything that happened since, in commit order. A
 * first sync is the second part for all of its scopes.
 *
 * <p>A row can be in several scopes of one device. It is told of once, by the first of them; and a
 * row that left one scope for another of the same device has not left the device.
 */
public final class Pull {
  /** A page looks at so many entries for each change that it may have, then it ends. */
  private static final int LOOKS = 20;

  private final LogView log;
  private final int limit;
  private final long bytes;
  private final List<Told> told = new ArrayList<>();
  private int looks;
  private long size;

  private Pull(LogView log, int limit, long bytes) {
    this.log = log;
    this.limit = limit;
    this.bytes = bytes;
    this.looks = Math.multiplyExact(limit, LOOKS);
  }

  /**
   * Whether a device that has read so far can go on: not if removals that it has not seen are
   * forgotten.
   */
  public static boolean isExpired(LogView log, Reading reading) {
    return reading.at().isBefore(log.horizon());
  }

  /**
   * The next page. A log that ends before the one of which was read says nothing: {@link
   * Reading#seen}.
   *
   * @param scopes what the device may see now
   * @param limit how many changes, about: a database transaction is not split as long as it has no
   *     more than that
   * @param bytes how many bytes the changes may have, about
   */
  public static Page page(LogView log, Reading reading, Set<String> scopes, int limit, long bytes) {
    if (log.end().isBefore(reading.seen())) {
      return new Page(List.of(), reading, true);
    }
    return new Pull(log, limit, bytes).page(entitled(reading.of(log.end()), scopes));
  }

  /** Takes note of what the device may see now. */
  static Reading entitled(Reading reading, Set<String> scopes) {
    SortedSet<String> known = new TreeSet<>(reading.known());
    known.retainAll(scopes);
    List<Partial> revoked =
        new ArrayList<>(
            reading.revoked().stream().filter(gone -> !scopes.contains(gone.scope())).toList());
    List<Partial> granted = new ArrayList<>();
    for (Partial partial : reading.granted()) {
      if (scopes.contains(partial.scope())) {
        granted.add(partial);
      } else {
        revoked.add(new Partial(partial.scope(), Position.START));
      }
    }
    reading.known().stream()
        .filter(scope -> !scopes.contains(scope))
        .forEach(scope -> revoked.add(new Partial(scope, Position.START)));
    Set<String> named = new TreeSet<>(known);
    granted.forEach(partial -> named.add(partial.scope()));
    new TreeSet<>(scopes)
        .stream()
            .filter(scope -> !named.contains(scope))
            .forEach(scope -> granted.add(new Partial(scope, Position.START)));
    return new Reading(reading.at(), reading.seen(), known, granted, revoked, reading.types());
  }

  private Page page(Reading reading) {
    Reading now = takeAway(reading);
    if (now.revoked().isEmpty()) {
      now = give(now);
    }
    if (!now.isSettled()) {
      return new Page(told, now, true);
    }
    Reading then = follow(now);
    return new Page(told, then, then.at().isBefore(log.end()));
  }

  /** Rows of scopes that the device may not see any more. */
  private Reading takeAway(Reading reading) {
    Set<String> visible = scopesOf(reading);
    List<Partial> left = new ArrayList<>();
    List<String> later = new ArrayList<>(reading.revoked().stream().map(Partial::scope).toList());
    for (Partial partial : reading.revoked()) {
      later.remove(partial.scope());
      Position from = partial.from();
      try (Entries entries = log.entries(partial.scope(), from)) {
        while (entries.hasNext() && !isFull()) {
          Entry entry = entries.next();
          looks--;
          from = entry.position().next();
          if (wants(reading, entry)
              && mayHave(reading, latest(entry))
              && first(entry.scopes(), visible) == null
              && !goesLater(reading, entry, visible, later)) {
            tell(new Told(entry, false, removal(entry)));
          }
        }
        if (entries.hasNext()) {
          left.add(new Partial(partial.scope(), from));
        }
      }
    }
    return new Reading(
        reading.at(), reading.seen(), reading.known(), reading.granted(), left, reading.types());
  }

  /**
   * Whether another scope will tell that the row is gone, so that it goes once: one that is taken
   * away after this one, or one that the device keeps, which saw it go in the meantime.
   */
  private boolean goesLater(Reading reading, Entry entry, Set<String> visible, List<String> later) {
    for (String scope : visible) {
      if (log.latest(scope, entry.type(), entry.id())
          .filter(latest -> !latest.put() && !latest.position().isBefore(reading.at()))
          .isPresent()) {
        return true;
      }
    }
    for (String scope : later) {
      if (log.latest(scope, entry.type(), entry.id())
          .filter(latest -> mayHave(reading, latest))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Latest latest(Entry entry) {
    return new Latest(entry.position(), entry.entered(), entry.version(), entry.put());
  }

  /** Whether the device may have the row: what came later than it has read it was never told of. */
  private boolean mayHave(Reading reading, Latest row) {
    boolean cameLater =
        !row.entered().isBefore(reading.at()) && !row.entered().isBefore(log.built());
    boolean knewItGo = !row.put() && row.position().isBefore(reading.at());
    return !cameLater && !knewItGo;
  }

  private static byte[] removal(Entry entry) {
    return entry.put()
        ? Removal.json(
            entry.type(), entry.id(), entry.version(), entry.transaction(), entry.committedMicros())
        : entry.change();
  }

  /** Rows of scopes that the device has not read yet, as far as it has read the others. */
  private Reading give(Reading reading) {
    if (reading.granted().isEmpty()) {
      return reading;
    }
    Set<String> giving = new TreeSet<>(reading.granted().stream().map(Partial::scope).toList());
    Entry last = null;
    try (Merged entries = new Merged(log, reading.granted(), reading.at())) {
      Scoped next = entries.peek();
      while (next != null && mayGoOn(last, next.entry())) {
        entries.advance();
        looks--;
        Entry entry = next.entry();
        last = entry;
        if (entry.put()
            && wants(reading, entry)
            && first(entry.scopes(), reading.known()) == null
            && next.scope().equals(first(entry.scopes(), giving))) {
          tell(Told.of(entry));
        }
        next = entries.peek();
      }
      if (next == null) {
        giving.addAll(reading.known());
        return new Reading(
            reading.at(),
            reading.seen(),
            new TreeSet<>(giving),
            List.of(),
            reading.revoked(),
            reading.types());
      }
    }
    List<Partial> left = new ArrayList<>();
    Position reached = last == null ? Position.START : last.position().next();
    for (Partial partial : reading.granted()) {
      left.add(new Partial(partial.scope(), Position.later(partial.from(), reached)));
    }
    return new Reading(
        reading.at(), reading.seen(), reading.known(), left, reading.revoked(), reading.types());
  }

  /** Everything that happened since. */
  private Reading follow(Reading reading) {
    List<Partial> all =
        reading.known().stream().map(scope -> new Partial(scope, reading.at())).toList();
    Entry last = null;
    boolean complete;
    try (Merged entries = new Merged(log, all, log.end())) {
      Scoped next = entries.peek();
      while (next != null && mayGoOn(last, next.entry())) {
        entries.advance();
        looks--;
        Entry entry = next.entry();
        last = entry;
        if (isTold(reading, next)) {
          tell(Told.of(entry));
        }
        next = entries.peek();
      }
      complete = next == null;
    }
    Position reached = last == null ? reading.at() : last.position().next();
    Position at = complete ? Position.later(log.end(), reading.at()) : reached;
    return new Reading(at, reading.seen(), reading.known(), List.of(), List.of(), reading.types());
  }

  private boolean isTold(Reading reading, Scoped next) {
    return isTold(
        reading, next.scope(), next.entry(), told.isEmpty() ? null : told.getLast().entry());
  }

  /**
   * Whether a device that has read up to an entry of a scope is told of it.
   *
   * @param last what it was told last
   */
  public static boolean isTold(Reading reading, String scope, Entry entry, @Nullable Entry last) {
    if (!wants(reading, entry)) {
      return false;
    }
    String teller = first(entry.scopes(), reading.known());
    if (entry.put()) {
      return scope.equals(teller);
    }
    // Gone from every scope of the device; its scopes each say so, one after the other.
    return teller == null && (last == null || !last.isSameChange(entry));
  }

  private void tell(Told change) {
    told.add(change);
    size += change.json().length;
  }

  private boolean isFull() {
    return told.size() >= limit || looks <= 0 || size >= bytes;
  }

  /**
   * A page does not end within a change, or a row could be on its way from one scope to another
   * when the device loses the second; nor within a transaction, unless that is a long one.
   */
  private boolean mayGoOn(@Nullable Entry last, Entry next) {
    if (!isFull() || last == null || last.isSameChange(next)) {
      return true;
    }
    return last.transaction() != 0
        && last.transaction() == next.transaction()
        && told.size() < 2 * limit
        && size < 2 * bytes
        && looks > -limit * LOOKS;
  }

  private static boolean wants(Reading reading, Entry entry) {
    return reading.types().isEmpty() || reading.types().contains(entry.type());
  }

  private static Set<String> scopesOf(Reading reading) {
    Set<String> scopes = new TreeSet<>(reading.known());
    reading.granted().forEach(partial -> scopes.add(partial.scope()));
    return scopes;
  }

  private static @Nullable String first(Collection<String> scopes, Set<String> among) {
    for (String scope : scopes) {
      if (among.contains(scope)) {
        return scope;
      }
    }
    return null;
  }

  /** When something last happened in one of the scopes, in microseconds since 1970. */
  public static Optional<Long> lastChange(LogView log, Collection<String> scopes) {
    return scopes.stream()
        .map(log::last)
        .flatMap(Optional::stream)
        .map(Entry::committedMicros)
        .max(Comparator.naturalOrder());
  }

  /** An entry and the scope in whose log it is. */
  private record Scoped(String scope, Entry entry) {}

  /** The entries of several scopes in one order, up to a position. */
  private static final class Merged implements AutoCloseable {
    private final List<Entries> open = new ArrayList<>();
    private final PriorityQueue<Head> heads =
        new PriorityQueue<>(
            Comparator.comparing((Head head) -> head.next.entry().position())
                .thenComparing(head -> head.next.scope()));
    private final Position end;

    private static final class Head {
      private final Entries entries;
      private Scoped next;

      private Head(Entries entries, Scoped next) {
        this.entries = entries;
        this.next = next;
      }
    }

    Merged(LogView log, List<Partial> scopes, Position end) {
      this.end = end;
      for (Partial partial : scopes) {
        Entries entries = log.entries(partial.scope(), partial.from());
        open.add(entries);
        if (entries.hasNext()) {
          push(new Head(entries, new Scoped(partial.scope(), entries.next())));
        }
      }
    }

    private void push(Head head) {
      if (head.next.entry().position().isBefore(end)) {
        heads.add(head);
      }
    }

    @Nullable Scoped peek() {
      Head head = heads.peek();
      return head == null ? null : head.next;
    }

    void advance() {
      Head head = heads.remove();
      if (head.entries.hasNext()) {
        head.next = new Scoped(head.next.scope(), head.entries.next());
        push(head);
      }
    }

    @Override
    public void close() {
      open.forEach(Entries::close);
    }
  }
}
