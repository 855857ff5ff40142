package dev.tidemark.bench.pull;

import dev.tidemark.connectors.schema.OwnTables;

/**
 * The table that everything is about. Its parts belong to different owners, and so are told to
 * different devices.
 */
final class Items {
  /** So many rows each of these owners has; changed in turn, so that no change hides another. */
  static final int EACH = 1_000;

  /** Has what a first sync is about. */
  static final String BULK = "bulk";

  /** Is heard by all subscribers. */
  static final String HALL = "hall";

  /** Is heard by many of very many. */
  static final String CROWD = "crowd";

  private final int rows;
  private final int desks;

  /**
   * Lays the table out.
   *
   * @param rows of a first sync
   * @param desks how many owners have rows that one subscriber hears of
   */
  Items(int rows, int desks) {
    this.rows = rows;
    this.desks = desks;
  }

  static String catalog() {
    return """
    version: 1
    entities:
      item:
        description: Something that devices watch.
        table: bench.items
        key: id
        scope: owner/{owner}
    """;
  }

  /** The scope of an owner. */
  static String scope(String owner) {
    return "owner/" + owner;
  }

  static String desk(int number) {
    return "desk-" + number;
  }

  long hallRow(long turn) {
    return rows + 1 + turn % EACH;
  }

  long deskRow(long turn) {
    return rows + 1L + EACH + turn % EACH;
  }

  long crowdRow(long turn) {
    return rows + 1L + 2 * EACH + turn % 10;
  }

  String ddl() {
    return OwnTables.sql()
        + """
        create schema bench;
        create table bench.items (
          id bigint primary key,
          owner text not null,
          quantity int not null,
          price numeric(12,2) not null,
          changed_at timestamptz not null,
          mark text not null default '',
          note text not null
        );
        alter table bench.items replica identity full;
        """
        + insert("'" + BULK + "'", 1, rows)
        + insert("'" + HALL + "'", hallRow(0), hallRow(EACH - 1))
        + insert(
            "'desk-' || (n - %d) %% %d".formatted(deskRow(0), desks), deskRow(0), deskRow(EACH - 1))
        + insert("'" + CROWD + "'", crowdRow(0), crowdRow(9));
  }

  private static String insert(String owner, long first, long last) {
    return """
        insert into bench.items (id, owner, quantity, price, changed_at, note)
          select n, %s, n %% 1000, (n %% 100000) / 7.0, now(), md5(n::text) || md5((n + 1)::text)
          from generate_series(%d, %d) n;
        """
        .formatted(owner, first, last);
  }
}
