package dev.tidemark.bench.verify;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/** What the writers do to the tables. Few keys, so that the same rows are met again and again. */
final class Deeds {
  private static final int KEYS = 200;

  private Deeds() {}

  /** Something that a writer does. */
  @FunctionalInterface
  interface Deed {
    void doIt(Session session) throws SQLException;
  }

  private static final Mix<Deed> SINGLE =
      new Mix<>(
          List.of(
              new Mix.Weighted<>(20, Deeds::putItem),
              new Mix.Weighted<>(8, Deeds::updateItems),
              new Mix.Weighted<>(6, Deeds::deleteItem),
              new Mix.Weighted<>(10, Deeds::putStock),
              new Mix.Weighted<>(3, Deeds::deleteStock),
              new Mix.Weighted<>(6, Deeds::putDocument),
              new Mix.Weighted<>(10, Deeds::leaveBodyAlone),
              new Mix.Weighted<>(3, Deeds::deleteDocument),
              new Mix.Weighted<>(10, Deeds::putSetting),
              new Mix.Weighted<>(4, Deeds::moveKey),
              new Mix.Weighted<>(8, Deeds::putPurchase),
              new Mix.Weighted<>(2, Deeds::deletePurchase)));

  private static final Mix<Deed> WHOLE =
      new Mix<>(
          List.of(
              new Mix.Weighted<>(50, Deeds::single),
              new Mix.Weighted<>(20, Deeds::several),
              new Mix.Weighted<>(8, Deeds::partlyRolledBack),
              new Mix.Weighted<>(5, Deeds::rolledBack),
              new Mix.Weighted<>(5, Deeds::withOrigin),
              new Mix.Weighted<>(3, Deeds::copy),
              new Mix.Weighted<>(3, Deeds::insertSelect),
              new Mix.Weighted<>(1, Deeds::truncate)));

  /** Any of them but truncates. */
  static void anyThatSnapshotsBear(Session session) throws SQLException {
    WHOLE.pickNotLast(session).doIt(session);
  }

  /** Any of them, one or more transactions. */
  static void any(Session session) throws SQLException {
    WHOLE.pick(session).doIt(session);
  }

  /** Any of those that are one statement. */
  static void single(Session session) throws SQLException {
    SINGLE.pick(session).doIt(session);
  }

  private static void several(Session session) throws SQLException {
    session.begin();
    for (int i = 2 + session.dice(20); i > 0; i--) {
      single(session);
    }
    session.commit();
  }

  private static void partlyRolledBack(Session session) throws SQLException {
    session.begin();
    single(session);
    for (int i = 1 + session.dice(4); i > 0; i--) {
      Savepoint savepoint = session.savepoint();
      single(session);
      single(session);
      if (session.chance(50)) {
        session.rollbackTo(savepoint);
      }
    }
    single(session);
    session.commit();
  }

  private static void rolledBack(Session session) throws SQLException {
    session.begin();
    for (int i = 1 + session.dice(10); i > 0; i--) {
      single(session);
    }
    session.rollback();
  }

  private static void withOrigin(Session session) throws SQLException {
    session.begin();
    if (session.chance(30)) {
      single(session);
    }
    for (int i = 1 + session.dice(3); i > 0; i--) {
      session.execute(
          "SELECT pg_logical_emit_message(true, 'tidemark.origin',"
              + " '{\"device\":\"d\",\"operation\":\"op-"
              + session.dice(1_000_000)
              + "\"}')");
      single(session);
      single(session);
    }
    session.commit();
  }

  private static void putItem(Session session) throws SQLException {
    session.update(
        "INSERT INTO item VALUES (?, ?, ?::numeric, ?, clock_timestamp())"
            + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, amount = excluded.amount,"
            + " active = excluded.active, changed_at = excluded.changed_at",
        session.dice(KEYS),
        session.chance(10)
            ? "ünïcødé 🌊 \"quoted\" \\ \n\t " + session.noise(5)
            : session.noise(20),
        session.dice(1_000_000_000) + "." + session.dice(1_000_000),
        session.chance(50));
  }

  private static void updateItems(Session session) throws SQLException {
    int from = session.dice(KEYS);
    session.update(
        "UPDATE item SET amount = amount + 0.000001, name = CASE WHEN ? THEN NULL ELSE name END"
            + " WHERE id BETWEEN ? AND ?",
        session.chance(10),
        from,
        from + session.dice(10));
  }

  private static void deleteItem(Session session) throws SQLException {
    session.update("DELETE FROM item WHERE id = ?", session.dice(KEYS));
  }

  private static void putStock(Session session) throws SQLException {
    session.update(
        "INSERT INTO stock VALUES (?, ?, ?) ON CONFLICT (place, sku)"
            + " DO UPDATE SET quantity = stock.quantity + excluded.quantity",
        place(session),
        (long) session.dice(KEYS),
        session.dice(100));
  }

  private static void deleteStock(Session session) throws SQLException {
    session.update(
        "DELETE FROM stock WHERE place = ? AND sku < ?", place(session), (long) session.dice(20));
  }

  private static String place(Session session) {
    return List.of("north", "a/b", "50%", "x,y", "Zürich").get(session.dice(5));
  }

  private static String slug(Session session) {
    return "doc/" + session.dice(60) + (session.chance(20) ? ",%é" : "");
  }

  private static void putDocument(Session session) throws SQLException {
    session.update(
        "INSERT INTO document VALUES (?, 1, ?, decode(md5(?), 'hex') || ?::bytea, ?)"
            + " ON CONFLICT (slug) DO UPDATE SET body = excluded.body,"
            + " revision = document.revision + 1",
        slug(session),
        session.noise(2_500 + session.dice(9_000)),
        session.noise(5),
        session.noise(session.dice(4_000)).replace('\\', '/'),
        session.noise(10));
  }

  private static void leaveBodyAlone(Session session) throws SQLException {
    session.update(
        "UPDATE document SET revision = revision + 1, notes = ? WHERE slug = ?",
        session.noise(8),
        slug(session));
  }

  private static void deleteDocument(Session session) throws SQLException {
    session.update("DELETE FROM document WHERE slug = ?", slug(session));
  }

  private static void putSetting(Session session) throws SQLException {
    session.update(
        "INSERT INTO setting VALUES (?, ?::jsonb, ?::numeric) ON CONFLICT (id)"
            + " DO UPDATE SET value = excluded.value, price = excluded.price",
        (long) session.dice(KEYS),
        "{\"b\": ["
            + session.dice(100)
            + ", 1.50, null, \"é\"], \"a\": {\"deep\": 12345678901234567890.123"
            + session.dice(10)
            + "}}",
        List.of("0", "-0.00", "1E+3", "NaN", "Infinity", "123456789.000000001")
            .get(session.dice(6)));
  }

  private static void moveKey(Session session) throws SQLException {
    // A key that is taken leaves the statement without effect rather than in error.
    int to = session.dice(KEYS);
    switch (session.dice(3)) {
      case 0 ->
          session.update(
              "UPDATE item SET id = ? WHERE id = ?"
                  + " AND NOT EXISTS (SELECT FROM item o WHERE o.id = ?)",
              to,
              session.dice(KEYS),
              to);
      case 1 ->
          session.update(
              "UPDATE document SET slug = ? WHERE slug = ?"
                  + " AND NOT EXISTS (SELECT FROM document o WHERE o.slug = ?)",
              "doc/" + to,
              slug(session),
              "doc/" + to);
      default ->
          session.update(
              "UPDATE purchase SET id = ? WHERE id = ?"
                  + " AND NOT EXISTS (SELECT FROM purchase o WHERE o.id = ?)",
              to,
              session.dice(KEYS),
              to);
    }
  }

  private static void putPurchase(Session session) throws SQLException {
    int id = session.dice(KEYS);
    session.update(
        "WITH parent AS (INSERT INTO purchase VALUES (?, ?, ?::numeric) ON CONFLICT (id)"
            + " DO UPDATE SET total = excluded.total RETURNING id)"
            + " INSERT INTO purchase_line SELECT id, line, ? FROM parent,"
            + " generate_series(1, ?) line ON CONFLICT (purchase_id, line)"
            + " DO UPDATE SET what = excluded.what",
        id,
        session.noise(6),
        session.dice(10_000) + ".10",
        session.noise(10),
        1 + session.dice(4));
  }

  private static void deletePurchase(Session session) throws SQLException {
    session.update("DELETE FROM purchase WHERE id = ?", session.dice(KEYS));
  }

  /** Many rows in one statement, many of which share one position in the log. */
  private static void copy(Session session) throws SQLException {
    int first = 10_000 + session.dice(200) * 1_000;
    int count = 20 + session.dice(300);
    session.begin();
    session.update("DELETE FROM item WHERE id >= ? AND id < ?", first, first + count);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(first + i)
          .append("\tcopied ")
          .append(i)
          .append("\t1.5\tt\t2026-01-01 00:00:00.5Z\n");
    }
    session.copy("item", rows.toString());
    if (session.chance(30)) {
      single(session);
    }
    session.commit();
  }

  private static void insertSelect(Session session) throws SQLException {
    long first = 10_000 + session.dice(1_000) * 100L;
    session.update(
        "INSERT INTO stock SELECT 'series', n, 0 FROM generate_series(?, ?) n"
            + " ON CONFLICT (place, sku) DO UPDATE SET quantity = stock.quantity + 1",
        first,
        first + session.dice(100));
  }

  private static void truncate(Session session) throws SQLException {
    switch (session.dice(4)) {
      case 0 -> session.execute("TRUNCATE stock");
      case 1 -> session.execute("TRUNCATE purchase CASCADE");
      case 2 -> {
        session.begin();
        single(session);
        session.execute("TRUNCATE setting, stock");
        putSetting(session);
        putStock(session);
        session.commit();
      }
      default -> {
        session.begin();
        Savepoint savepoint = session.savepoint();
        session.execute("TRUNCATE setting");
        session.rollbackTo(savepoint);
        putSetting(session);
        session.commit();
      }
    }
  }

  /** Tens of thousands of rows in one transaction. */
  static void huge(Session session) throws SQLException {
    int rows = 10_000 + session.dice(10_000);
    session.begin();
    session.update("DELETE FROM item WHERE id >= 1000000");
    session.update(
        "INSERT INTO item SELECT 1000000 + n, 'huge ' || n, n, n % 2 = 0, clock_timestamp()"
            + " FROM generate_series(1, ?) n",
        rows);
    if (session.chance(30)) {
      session.update("UPDATE item SET amount = amount + 1 WHERE id >= 1000000 AND id % 3 = 0");
    }
    session.commit();
  }
}
