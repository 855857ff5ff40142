package dev.tidemark.connectors.write;

import java.util.List;
import java.util.StringJoiner;

/**
 * The statements for rows. Each takes one parameter, an array of objects: the write's place {@code
 * n}, the key's columns {@code k0…}, the columns to be set {@code p0…}, the values that are
 * expected {@code e0…}. Each gives the places of the writes that it carried out.
 *
 * <p>A row is looked up in a subquery of its own, so that the key's index is used whatever the
 * planner thinks of the table's size; and locked there, so that what was compared is what is
 * written. A row that somebody else has locked is passed over rather than waited for.
 */
final class RowSql {
  private final WritableTable table;
  private final List<WritableColumn> set;
  private final List<WritableColumn> expected;

  RowSql(WritableTable table, List<WritableColumn> set, List<WritableColumn> expected) {
    this.table = table;
    this.set = set;
    this.expected = expected;
  }

  String update() {
    StringJoiner assignments = new StringJoiner(", ");
    for (int i = 0; i < set.size(); i++) {
      assignments.add(set.get(i).quoted() + " = l.p" + i);
    }
    return input()
        + locked("FOR NO KEY UPDATE")
        + " UPDATE "
        + table.quoted()
        + " AS t SET "
        + assignments
        + " FROM locked AS l WHERE "
        + keyIs("l")
        + " RETURNING l.n";
  }

  String delete() {
    return input()
        + locked("FOR UPDATE")
        + " DELETE FROM "
        + table.quoted()
        + " AS t USING locked AS l WHERE "
        + keyIs("l")
        + " RETURNING l.n";
  }

  /** The key's columns are always set, to the entity's key. */
  String insert() {
    StringJoiner columns = new StringJoiner(", ");
    StringJoiner values = new StringJoiner(", ");
    StringJoiner key = new StringJoiner(", ");
    StringJoiner returned = new StringJoiner(", ");
    StringJoiner same = new StringJoiner(" AND ");
    for (int i = 0; i < table.key().size(); i++) {
      String column = table.key().get(i).quoted();
      columns.add(column);
      values.add("i.k" + i);
      key.add(column);
      returned.add(column + " AS k" + i);
      same.add("d.k" + i + " = i.k" + i);
    }
    for (int i = 0; i < set.size(); i++) {
      columns.add(set.get(i).quoted());
      values.add("i.p" + i);
    }
    return input()
        + ", done AS (INSERT INTO "
        + table.quoted()
        + " ("
        + columns
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + values
        + " FROM input AS i ORDER BY i.n ON CONFLICT ("
        + key
        + ") DO NOTHING RETURNING "
        + returned
        + ") SELECT i.n FROM input AS i JOIN done AS d ON "
        + same;
  }

  /** Which of the rows are there and as expected. */
  String present() {
    return input()
        + " SELECT i.n FROM input AS i CROSS JOIN LATERAL (SELECT 1 FROM "
        + table.quoted()
        + " AS t WHERE "
        + keyIs("i")
        + asExpected()
        + " LIMIT 1) AS found";
  }

  /** Which of the rows are not there. */
  String absent() {
    return input()
        + " SELECT i.n FROM input AS i LEFT JOIN LATERAL (SELECT true AS there FROM "
        + table.quoted()
        + " AS t WHERE "
        + keyIs("i")
        + " LIMIT 1) AS found ON true WHERE found.there IS NULL";
  }

  private String input() {
    StringJoiner columns = new StringJoiner(", ").add("n int");
    for (int i = 0; i < table.key().size(); i++) {
      columns.add("k" + i + " " + table.key().get(i).type());
    }
    for (int i = 0; i < set.size(); i++) {
      columns.add("p" + i + " " + set.get(i).type());
    }
    for (int i = 0; i < expected.size(); i++) {
      columns.add("e" + i + " " + expected.get(i).type());
    }
    return "WITH input AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(?::jsonb) AS i("
        + columns
        + "))";
  }

  private String locked(String lock) {
    return ", locked AS MATERIALIZED (SELECT i.* FROM input AS i CROSS JOIN LATERAL (SELECT 1 FROM "
        + table.quoted()
        + " AS t WHERE "
        + keyIs("i")
        + asExpected()
        + " "
        + lock
        + " SKIP LOCKED) AS held)";
  }

  private String keyIs(String other) {
    StringJoiner same = new StringJoiner(" AND ");
    for (int i = 0; i < table.key().size(); i++) {
      same.add("t." + table.key().get(i).quoted() + " = " + other + ".k" + i);
    }
    return same.toString();
  }

  private String asExpected() {
    StringBuilder same = new StringBuilder();
    for (int i = 0; i < expected.size(); i++) {
      WritableColumn column = expected.get(i);
      same.append(" AND ").append(column.equality().sql("t." + column.quoted(), "i.e" + i));
    }
    return same.toString();
  }
}
