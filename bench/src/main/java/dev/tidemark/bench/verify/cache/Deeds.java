package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.Mix;
import dev.tidemark.bench.verify.Mix.Weighted;
import dev.tidemark.bench.verify.Session;
import dev.tidemark.bench.verify.WriterThreads.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Random;

/** What writers do to a block, in as many ways as Postgres has to change rows. */
final class Deeds {
  private static final int LONG_MILLIS = 700;

  private final Connections others;
  private final Mix<Deed> any =
      new Mix<>(
          List.of(
              new Weighted<>(30, Deeds::touch),
              new Weighted<>(10, Deeds::several),
              new Weighted<>(14, Deeds::move),
              new Weighted<>(6, Deeds::label),
              new Weighted<>(6, Deeds::come),
              new Weighted<>(5, Deeds::go),
              new Weighted<>(6, Deeds::again),
              new Weighted<>(3, Deeds::wait),
              new Weighted<>(5, Deeds::savepoints),
              new Weighted<>(4, Deeds::rolledBack),
              new Weighted<>(3, Deeds::bulk),
              new Weighted<>(3, Deeds::copied),
              new Weighted<>(2, Deeds::idle),
              new Weighted<>(4, this::crossed)));
  private final Mix<Deed> crumbs =
      new Mix<>(
          List.of(
              new Weighted<>(6, Deeds::crumb),
              new Weighted<>(2, Deeds::crumbMoves),
              new Weighted<>(1, Deeds::swept)));

  /** A way to change rows. */
  interface Deed {
    void on(Session session, Block block, State next) throws SQLException, InterruptedException;
  }

  Deeds(Connections others) {
    this.others = others;
  }

  void any(Session session, Block block) throws SQLException, InterruptedException {
    block.resolve(session);
    State next = block.begin();
    boolean sweeps = next.block == 0 && session.chance(25);
    (sweeps ? crumbs : any).pick(session).on(session, block, next);
  }

  // One statement

  private static void touch(Session session, Block block, State next) throws SQLException {
    int thing = session.dice(State.THINGS);
    if (!next.present(thing)) {
      come(session, block, next);
      return;
    }
    next.revision[thing] = next.next();
    block.commit(next, () -> update(session, next, thing));
  }

  private static void move(Session session, Block block, State next) throws SQLException {
    int thing = session.dice(State.THINGS);
    if (next.present(thing)) {
      next.place[thing] = session.dice(State.PLACES);
      next.label[thing] = session.dice(State.LABELS);
      next.revision[thing] = next.next();
      block.commit(next, () -> update(session, next, thing));
    }
  }

  private static void label(Session session, Block block, State next) throws SQLException {
    int label = session.dice(State.LABELS);
    next.labelRevision[label] = next.next();
    block.commit(next, () -> updateLabel(session, next, label));
  }

  private static void idle(Session session, Block block, State next) throws SQLException {
    block.commit(
        next,
        () -> session.update("update verify.things set note = note where block = ?", next.block));
  }

  private static void bulk(Session session, Block block, State next) throws SQLException {
    long by = 1_000;
    for (int thing = 0; thing < State.THINGS; thing++) {
      next.revision[thing] += next.present(thing) ? by : 0;
    }
    next.skip(by);
    block.commit(
        next,
        () ->
            session.update(
                "update verify.things set revision = revision + ? where block = ?",
                by,
                next.block));
  }

  // Several

  private static void come(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    for (int thing = 0; thing < State.THINGS; thing++) {
      if (!next.present(thing) && session.chance(60)) {
        place(session, next, thing);
        insert(session, next, thing);
      }
    }
    block.commit(next, session::commit);
  }

  private static void go(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    delete(session, next, session.dice(State.THINGS));
    block.commit(next, session::commit);
  }

  private static void again(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    int thing = session.dice(State.THINGS);
    delete(session, next, thing);
    place(session, next, thing);
    insert(session, next, thing);
    block.commit(next, session::commit);
  }

  private static void several(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    some(session, next);
    block.commit(next, session::commit);
  }

  private static void wait(Session session, Block block, State next)
      throws SQLException, InterruptedException {
    begin(session, next);
    some(session, next);
    Thread.sleep(session.dice(LONG_MILLIS));
    some(session, next);
    Thread.sleep(session.dice(LONG_MILLIS));
    block.commit(next, session::commit);
  }

  private static void savepoints(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    some(session, next);
    Savepoint first = session.savepoint();
    some(session, next.copy());
    session.rollbackTo(first);
    Savepoint second = session.savepoint();
    some(session, next);
    session.release(second);
    block.commit(next, session::commit);
  }

  private static void rolledBack(Session session, Block unused, State next) throws SQLException {
    begin(session, next);
    some(session, next);
    if (session.chance(30)) {
      delete(session, next, session.dice(State.THINGS));
    }
    session.rollback();
  }

  private static void copied(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    StringBuilder rows = new StringBuilder();
    for (int thing = 0; thing < State.THINGS; thing++) {
      if (session.chance(60)) {
        delete(session, next, thing);
        place(session, next, thing);
        rows.append(
            "%d\t%d\t%s\t%d\t%d\t\\N%n"
                .formatted(
                    next.id(thing),
                    next.block,
                    Shop.place(next.block, next.place[thing]),
                    next.label[thing],
                    next.revision[thing]));
      }
    }
    session.copy("verify.things", rows.toString());
    block.commit(next, session::commit);
  }

  /** Two transactions of which the one that began first ends last. */
  private void crossed(Session session, Block block, State next)
      throws SQLException, InterruptedException {
    try (Connection second = others.open()) {
      Session other = new Session(second, new Random(session.dice(Integer.MAX_VALUE)));
      session.begin();
      int early = session.dice(State.LABELS);
      State later = next.copy();
      later.labelRevision[early] = later.next();
      updateLabel(session, later, early);
      int thing = session.dice(State.THINGS);
      if (next.present(thing)) {
        next.revision[thing] = next.next();
        block.commit(next, () -> update(other, next, thing));
        later.revision[thing] = next.revision[thing];
      }
      Thread.sleep(session.dice(LONG_MILLIS / 2));
      block.commit(later, session::commit);
    }
  }

  // Crumbs

  private static void crumb(Session session, Block block, State next) throws SQLException {
    int one = session.dice(State.CRUMBS);
    boolean isNew = next.crumb[one] == 0;
    next.crumb[one] = next.next();
    begin(session, next);
    if (isNew) {
      session.update("insert into verify.crumbs values (?, ?, ?)", one, one % 2, next.crumb[one]);
    } else {
      session.update("update verify.crumbs set revision = ? where id = ?", next.crumb[one], one);
    }
    block.commit(next, session::commit);
  }

  /** The key itself changes. */
  private static void crumbMoves(Session session, Block block, State next) throws SQLException {
    int from = session.dice(State.CRUMBS);
    int to = session.dice(State.CRUMBS);
    if (next.crumb[from] == 0 || next.crumb[to] != 0) {
      return;
    }
    next.crumb[to] = next.next();
    next.crumb[from] = 0;
    begin(session, next);
    session.update(
        "update verify.crumbs set id = ?, pile = ?, revision = ? where id = ?",
        to,
        to % 2,
        next.crumb[to],
        from);
    block.commit(next, session::commit);
  }

  private static void swept(Session session, Block block, State next) throws SQLException {
    begin(session, next);
    session.execute("truncate verify.crumbs");
    java.util.Arrays.fill(next.crumb, 0);
    if (session.chance(30)) {
      next.crumb[1] = next.next();
      session.update("insert into verify.crumbs values (1, 1, ?)", next.crumb[1]);
    }
    block.commit(next, session::commit);
  }

  // What they are made of

  /** The row of the block is locked first, so that it is certain when a transaction is over. */
  private static void begin(Session session, State next) throws SQLException {
    session.begin();
    session.execute("select 1 from verify.blocks where id = %d for update".formatted(next.block));
  }

  private static void some(Session session, State next) throws SQLException {
    for (int thing = 0; thing < State.THINGS; thing++) {
      if (next.present(thing) && session.chance(50)) {
        next.revision[thing] = next.next();
        if (session.chance(30)) {
          next.place[thing] = session.dice(State.PLACES);
        }
        update(session, next, thing);
      }
    }
    if (session.chance(20)) {
      int label = session.dice(State.LABELS);
      next.labelRevision[label] = next.next();
      updateLabel(session, next, label);
    }
  }

  private static void place(Session session, State next, int thing) {
    next.place[thing] = session.dice(State.PLACES);
    next.label[thing] = session.dice(State.LABELS);
    next.revision[thing] = next.next();
  }

  private static void insert(Session session, State next, int thing) throws SQLException {
    session.update(
        "insert into verify.things values (?, ?, ?, ?, ?)",
        next.id(thing),
        next.block,
        Shop.place(next.block, next.place[thing]),
        next.label[thing],
        next.revision[thing]);
  }

  private static void update(Session session, State next, int thing) throws SQLException {
    session.update(
        "update verify.things set place = ?, label = ?, revision = ? where id = ?",
        Shop.place(next.block, next.place[thing]),
        next.label[thing],
        next.revision[thing],
        next.id(thing));
  }

  private static void updateLabel(Session session, State next, int label) throws SQLException {
    session.update(
        "update verify.labels set revision = ? where block = ? and number = ?",
        next.labelRevision[label],
        next.block,
        label);
  }

  private static void delete(Session session, State next, int thing) throws SQLException {
    session.update("delete from verify.things where id = ?", next.id(thing));
    next.place[thing] = State.NOWHERE;
  }
}
