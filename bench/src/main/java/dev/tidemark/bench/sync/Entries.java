package dev.tidemark.bench.sync;

import dev.tidemark.connectors.schema.OwnTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The table that devices write to, and its twin that plain transactions write to. */
final class Entries {
  static final String OWNER = "north";

  private Entries() {}

  static String catalog() {
    return """
    version: 1
    entities:
      entry:
        description: Something that devices count.
        table: bench.entries
        key: id
        scope: owner/{owner}
        merge:
          visits: counter
    """;
  }

  static String ddl(int rows) {
    return OwnTables.sql()
        + """
        create schema bench;
        create table bench.entries (
          id bigint primary key,
          owner text not null,
          visits bigint not null default 0,
          title text,
          note text
        );
        alter table bench.entries replica identity full;
        create table bench.plain_entries (like bench.entries including all);
        alter table bench.plain_entries replica identity full;
        create table bench.plain_ledger (like tidemark.ledger including all);
        alter table bench.plain_ledger replica identity full;
        """
        + insert("bench.entries", 1, rows)
        + insert("bench.plain_entries", 1, rows);
  }

  private static String insert(String table, int first, int last) {
    return """
        insert into %s (id, owner, title, note)
          select n, '%s', 'entry ' || n, repeat('x', 60) from generate_series(%d, %d) n;
        """
        .formatted(table, OWNER, first, last);
  }

  /** Makes the table grow. */
  static void grow(Connection connection, int from, int to) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int first = from + 1; first <= to; first += 10_000) {
        statement.execute(insert("bench.entries", first, Math.min(to, first + 9_999)));
      }
      statement.execute("analyze bench.entries");
    }
  }
}
