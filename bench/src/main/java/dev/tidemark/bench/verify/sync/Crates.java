package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.bench.verify.Mix;
import dev.tidemark.bench.verify.Session;
import dev.tidemark.bench.verify.sync.readers.Ground;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows that go from scope to scope, written by psql sessions only. Every transaction leaves each
 * place as many crates as it had, and all crates together their weight; so a reader that has half
 * of a transaction can be told from one that has all of it.
 */
final class Crates {
  static final List<String> PLACES = List.of("quay", "shed", "yard");
  static final List<String> GUESTS = List.of("ann", "ben");

  private static final int PER_PLACE = 8;
  private static final int WEIGHT = 100;
  private static final int IDS = 80;
  private static final int HELD_MILLIS = 150;

  private Crates() {}

  static String ddl() {
    return """
        create table verify.crates (
          id bigint primary key,
          place text not null,
          guest text,
          weight bigint not null,
          label text
        );
        alter table verify.crates replica identity full;
        insert into verify.crates (id, place, weight)
          select n, (array['quay', 'shed', 'yard'])[1 + n %% 3], %d
          from generate_series(1, %d) n;
        """
        .formatted(WEIGHT, PER_PLACE * PLACES.size());
  }

  private static final Mix<Deeds.Deed> MIX =
      new Mix<>(
          List.of(
              new Mix.Weighted<>(45, Crates::swap),
              new Mix.Weighted<>(20, Crates::invite),
              new Mix.Weighted<>(12, Crates::replace),
              new Mix.Weighted<>(8, Crates::remake),
              new Mix.Weighted<>(8, Crates::shift),
              new Mix.Weighted<>(5, Crates::swapAll)));

  /** Any of them, one transaction, which stays open for a while at times. */
  static void any(Session session) throws SQLException, InterruptedException {
    session.begin();
    MIX.pick(session).doIt(session);
    session.commit();
  }

  /** Two crates of different places change places, and one gives the other some weight. */
  private static void swap(Session session) throws SQLException, InterruptedException {
    String here = place(session);
    String there = place(session);
    Optional<Long> one = pick(session, here);
    linger(session);
    Optional<Long> other = pick(session, there);
    if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
      return;
    }
    int weight = session.dice(3);
    move(session, one.get(), there, weight);
    linger(session);
    move(session, other.get(), here, -weight);
  }

  private static void move(Session session, long id, String place, int weight) throws SQLException {
    session.update(
        "UPDATE verify.crates SET place = ?, weight = weight + ? WHERE id = ?", place, weight, id);
  }

  /** In a second scope, in another one, or in none but its place. */
  private static void invite(Session session) throws SQLException {
    String guest = session.chance(30) ? null : GUESTS.get(session.dice(GUESTS.size()));
    Optional<Long> one = pick(session, place(session));
    if (one.isPresent()) {
      session.update(
          "UPDATE verify.crates SET guest = nullif(?, ''), label = ? WHERE id = ?",
          guest == null ? "" : guest,
          "label " + session.dice(1_000),
          one.get());
    }
  }

  /** Another crate instead; its number may have been another's. */
  private static void replace(Session session) throws SQLException, InterruptedException {
    Optional<Long> one = pick(session, place(session));
    if (one.isPresent()) {
      session.update(
          "INSERT INTO verify.crates (id, place, weight)"
              + " SELECT ?, place, weight FROM verify.crates WHERE id = ?",
          1L + session.dice(IDS),
          one.get());
      linger(session);
      session.update("DELETE FROM verify.crates WHERE id = ?", one.get());
    }
  }

  /** The same row again. */
  private static void remake(Session session) throws SQLException {
    Optional<Long> one = pick(session, place(session));
    if (one.isPresent()) {
      session.execute("CREATE TEMP TABLE remade (LIKE verify.crates) ON COMMIT DROP");
      session.update("INSERT INTO remade SELECT * FROM verify.crates WHERE id = ?", one.get());
      session.update("DELETE FROM verify.crates WHERE id = ?", one.get());
      session.execute("INSERT INTO verify.crates SELECT * FROM remade");
    }
  }

  /** Weight goes from one to another; what a savepoint undoes must not be seen. */
  private static void shift(Session session) throws SQLException, InterruptedException {
    Optional<Long> one = pick(session, place(session));
    Optional<Long> other = pick(session, place(session));
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    String add = "UPDATE verify.crates SET weight = weight + ? WHERE id = ?";
    session.update(add, 1, one.get());
    Savepoint savepoint = session.savepoint();
    session.update(add, 1_000, other.get());
    linger(session);
    session.rollbackTo(savepoint);
    session.update(add, -1, other.get());
  }

  /** Two whole places change, in a transaction of many rows. */
  private static void swapAll(Session session) throws SQLException {
    String here = place(session);
    String there = place(session);
    session.execute("LOCK TABLE verify.crates IN SHARE ROW EXCLUSIVE MODE");
    session.update(
        "UPDATE verify.crates SET place = CASE place WHEN ? THEN ? ELSE ? END"
            + " WHERE place IN (?, ?)",
        here,
        there,
        here,
        here,
        there);
  }

  private static Optional<Long> pick(Session session, String place) throws SQLException {
    return session.number(
        "SELECT id FROM verify.crates WHERE place = ? AND id ="
            + " (SELECT id FROM verify.crates WHERE place = ? ORDER BY id OFFSET ? LIMIT 1)"
            + " FOR UPDATE",
        place,
        place,
        session.dice(PER_PLACE));
  }

  private static String place(Session session) {
    return PLACES.get(session.dice(PLACES.size()));
  }

  private static void linger(Session session) throws InterruptedException {
    if (session.chance(40)) {
      Thread.sleep(session.dice(HELD_MILLIS));
    }
  }

  /** What readers are measured by. */
  static Ground ground() {
    return new Ground() {
      @Override
      public Set<String> scopes(String type, JsonNode row) {
        if (!type.equals("crate")) {
          return Set.of("owner/" + row.path("owner").asText());
        }
        Set<String> scopes = new TreeSet<>();
        scopes.add("place/" + row.path("place").asText());
        if (row.hasNonNull("guest")) {
          scopes.add("guest/" + row.path("guest").asText());
        }
        return scopes;
      }

      @Override
      public Optional<String> broken(Map<String, ObjectNode> rows, Set<String> scopes) {
        return Crates.broken(rows, scopes);
      }
    };
  }

  private static Optional<String> broken(Map<String, ObjectNode> rows, Set<String> scopes) {
    int whole = 0;
    long weight = 0;
    for (String place : PLACES) {
      if (!scopes.contains("place/" + place)) {
        continue;
      }
      int count = 0;
      for (Map.Entry<String, ObjectNode> row : rows.entrySet()) {
        if (row.getKey().startsWith("crate/")
            && row.getValue().path("place").asText().equals(place)) {
          count++;
          weight += row.getValue().path("weight").longValue();
        }
      }
      if (count != PER_PLACE) {
        return Optional.of(
            "%s has %d crates, and after every transaction %d".formatted(place, count, PER_PLACE));
      }
      whole++;
    }
    long should = (long) WEIGHT * PER_PLACE * PLACES.size();
    return whole == PLACES.size() && weight != should
        ? Optional.of(
            "all crates weigh %d, and after every transaction %d".formatted(weight, should))
        : Optional.empty();
  }
}
