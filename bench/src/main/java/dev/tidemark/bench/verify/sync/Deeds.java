package dev.tidemark.bench.verify.sync;

import dev.tidemark.bench.verify.Mix;
import dev.tidemark.bench.verify.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/** What psql sessions do to the rows that devices write to, in transactions of every kind. */
final class Deeds {
  private static final long MADE_FROM = 100;
  private static final int MADE = 30;
  private static final int COPIED_FROM = 1_000;
  private static final int COPIED = 500;
  private static final int HELD_MILLIS = 400;

  private Deeds() {}

  /** Something that a session does. */
  @FunctionalInterface
  interface Deed {
    void doIt(Session session) throws SQLException, InterruptedException;
  }

  private static final Mix<Deed> SINGLE =
      new Mix<>(
          List.of(
              new Mix.Weighted<>(40, Deeds::count),
              new Mix.Weighted<>(15, Deeds::edit),
              new Mix.Weighted<>(8, Deeds::collect),
              new Mix.Weighted<>(8, Deeds::countAll),
              new Mix.Weighted<>(6, Deeds::put),
              new Mix.Weighted<>(4, Deeds::putPart),
              new Mix.Weighted<>(2, Deeds::delete),
              new Mix.Weighted<>(2, Deeds::deletePart),
              new Mix.Weighted<>(2, Deeds::touch),
              new Mix.Weighted<>(5, Deeds::move)));

  private static final Mix<Deed> WHOLE =
      new Mix<>(
          List.of(
              new Mix.Weighted<>(45, Deeds::single),
              new Mix.Weighted<>(15, Deeds::several),
              new Mix.Weighted<>(15, Deeds::partlyRolledBack),
              new Mix.Weighted<>(6, Deeds::rolledBack),
              new Mix.Weighted<>(6, Deeds::deleteAndInsert),
              new Mix.Weighted<>(6, Deeds::held),
              new Mix.Weighted<>(3, Deeds::copy),
              new Mix.Weighted<>(3, Deeds::moveMany)));

  /** Any of them, one transaction. */
  static void any(Session session) throws SQLException, InterruptedException {
    WHOLE.pick(session).doIt(session);
  }

  private static void single(Session session) throws SQLException, InterruptedException {
    SINGLE.pick(session).doIt(session);
  }

  private static void several(Session session) throws SQLException, InterruptedException {
    session.begin();
    for (int i = 2 + session.dice(6); i > 0; i--) {
      single(session);
    }
    session.commit();
  }

  private static void partlyRolledBack(Session session) throws SQLException, InterruptedException {
    session.begin();
    count(session);
    for (int i = 1 + session.dice(3); i > 0; i--) {
      Savepoint savepoint = session.savepoint();
      single(session);
      count(session);
      if (session.chance(50)) {
        session.rollbackTo(savepoint);
      }
    }
    count(session);
    session.commit();
  }

  private static void rolledBack(Session session) throws SQLException, InterruptedException {
    session.begin();
    for (int i = 1 + session.dice(4); i > 0; i--) {
      single(session);
    }
    session.rollback();
  }

  /** The same row again, in one transaction. What hangs on it must not be in the way. */
  private static void deleteAndInsert(Session session) throws SQLException {
    long id = hot(session);
    session.begin();
    session.execute("CREATE TEMP TABLE kept (LIKE verify.items) ON COMMIT DROP");
    session.update(
        "WITH gone AS (DELETE FROM verify.items WHERE id = ?"
            + " AND NOT EXISTS (SELECT FROM verify.parts WHERE item_id = items.id) RETURNING *)"
            + " INSERT INTO kept SELECT * FROM gone",
        id);
    session.execute("UPDATE kept SET visits = visits + 1");
    session.execute("INSERT INTO verify.items SELECT * FROM kept");
    session.commit();
  }

  /** Holds a row for a while, so that the system meets the lock. */
  private static void held(Session session) throws SQLException, InterruptedException {
    session.begin();
    count(session);
    Thread.sleep(session.dice(HELD_MILLIS));
    count(session);
    session.commit();
  }

  private static void copy(Session session) throws SQLException {
    int first = COPIED_FROM + session.dice(COPIED);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      rows.append(first + i).append("\tnorth\tcopied\n");
    }
    session.begin();
    session.update("DELETE FROM verify.items WHERE id >= ? AND id < ?", first, first + 20);
    session.copy("verify.items (id, owner, title)", rows.toString());
    session.commit();
  }

  private static void count(Session session) throws SQLException {
    session.update(
        "UPDATE verify.items SET visits = visits + ? WHERE id = ?",
        1 + session.dice(3),
        hot(session));
  }

  private static void countAll(Session session) throws SQLException {
    session.update(
        "UPDATE verify.items SET visits = visits + 1 WHERE id IN"
            + " (SELECT id FROM verify.items WHERE id <= ? AND id % 3 = ? ORDER BY id FOR UPDATE)",
        Tables.HOT, session.dice(3));
  }

  private static void edit(Session session) throws SQLException {
    String column = session.chance(50) ? "title" : "note";
    session.update(
        "UPDATE verify.items SET " + column + " = ? WHERE id = ?",
        "psql " + session.dice(1_000),
        hot(session));
  }

  private static void collect(Session session) throws SQLException {
    session.update(
        "UPDATE verify.items SET tags = CASE WHEN 'psql' = ANY(tags) THEN array_remove(tags, 'psql')"
            + " ELSE tags || 'psql'::text END,"
            + " settings = jsonb_set(settings, '{psql}', to_jsonb(?::int)) WHERE id = ?",
        session.dice(9),
        hot(session));
  }

  private static void put(Session session) throws SQLException {
    session.update(
        "INSERT INTO verify.items (id, owner, title, visits) VALUES (?, ?, 'put', 5)"
            + " ON CONFLICT (id) DO UPDATE SET visits = items.visits + 1",
        made(session),
        Tables.OWNERS.get(session.dice(Tables.OWNERS.size())));
  }

  private static void putPart(Session session) throws SQLException {
    session.update(
        "INSERT INTO verify.parts (id, item_id, owner, name) VALUES (?, ?, ?, 'put')"
            + " ON CONFLICT (id) DO UPDATE SET amount = parts.amount + 1",
        made(session),
        hot(session),
        Tables.OWNERS.get(session.dice(Tables.OWNERS.size())));
  }

  /** Out of the scope of those who saw it, into that of others. */
  private static void move(Session session) throws SQLException {
    session.update(
        "UPDATE verify."
            + (session.chance(70) ? "items" : "parts")
            + " SET owner = CASE owner WHEN 'north' THEN 'south' ELSE 'north' END WHERE id = ?",
        made(session));
  }

  private static void moveMany(Session session) throws SQLException {
    int first = COPIED_FROM + session.dice(COPIED);
    session.update(
        "UPDATE verify.items SET owner = CASE owner WHEN 'north' THEN 'south' ELSE 'north' END"
            + " WHERE id >= ? AND id < ?",
        first,
        first + 30);
  }

  private static void delete(Session session) throws SQLException {
    session.update("DELETE FROM verify.items WHERE id = ?", made(session));
  }

  private static void deletePart(Session session) throws SQLException {
    session.update("DELETE FROM verify.parts WHERE id = ?", made(session));
  }

  /** An update that changes nothing gives the row another place and another version. */
  private static void touch(Session session) throws SQLException {
    session.update("UPDATE verify.items SET title = title WHERE id = ?", hot(session));
  }

  private static long hot(Session session) {
    return 1L + session.dice(Tables.HOT);
  }

  private static long made(Session session) {
    return MADE_FROM + session.dice(MADE);
  }
}
