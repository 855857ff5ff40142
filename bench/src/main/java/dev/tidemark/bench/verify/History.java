package dev.tidemark.bench.verify;

import dev.tidemark.bench.verify.TransactionReader.Committed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What Postgres itself says was committed, in commit order, from a replication slot of its own that
 * is older than the first row. Nothing of Debezium takes part. Not thread-safe.
 */
final class History {
  private static final String NAME = "verify_history";
  private static final int MESSAGES_AT_ONCE = 30_000;

  private final TransactionReader reader = new TransactionReader();
  private long readTo;

  /** Creates publication and slot; the tables must be there and empty. */
  static void begin(Connection connection) throws SQLException {
    String tables =
        VerifiedTable.ALL.stream().map(VerifiedTable::name).collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE PUBLICATION " + NAME + " FOR TABLE " + tables);
      statement.execute("SELECT pg_create_logical_replication_slot('" + NAME + "', 'pgoutput')");
    }
  }

  /** The transactions that committed since the last call and changed something. */
  List<Committed> read(Connection connection) throws SQLException {
    List<Committed> all = new ArrayList<>();
    int messages;
    do {
      List<Committed> more = new ArrayList<>();
      messages = peek(connection, more);
      if (!more.isEmpty()) {
        advance(connection, more.getLast().endLsn());
      }
      // After a crash Postgres may show again what the slot had passed. The slot has to pass it
      // again, too, or a long piece of it would be all that is ever seen.
      for (Committed transaction : more) {
        if (transaction.commitLsn() > readTo) {
          readTo = transaction.commitLsn();
          all.add(transaction);
        }
      }
      // Writers go on meanwhile: an end that is waited for would never come.
    } while (messages >= MESSAGES_AT_ONCE);
    return all;
  }

  // Reading and moving are two steps, because a slot that moves while it is read has moved even if
  // the connection breaks before the answer is here.
  private int peek(Connection connection, List<Committed> transactions) throws SQLException {
    int messages = 0;
    try (PreparedStatement peek =
        connection.prepareStatement(
            "SELECT lsn - '0/0', data FROM pg_logical_slot_peek_binary_changes(?, NULL, ?,"
                + " 'proto_version', '1', 'publication_names', ?, 'messages', 'true')")) {
      peek.setString(1, NAME);
      peek.setInt(2, MESSAGES_AT_ONCE);
      peek.setString(3, NAME);
      try (ResultSet rows = peek.executeQuery()) {
        while (rows.next()) {
          messages++;
          reader
              .take(rows.getBigDecimal(1).longValueExact(), PgOutput.read(rows.getBytes(2)))
              .ifPresent(transactions::add);
        }
      }
    }
    return messages;
  }

  private static void advance(Connection connection, long lsn) throws SQLException {
    try (PreparedStatement advance =
        connection.prepareStatement("SELECT pg_replication_slot_advance(?, '0/0'::pg_lsn + ?)")) {
      advance.setString(1, NAME);
      advance.setBigDecimal(2, java.math.BigDecimal.valueOf(lsn));
      advance.executeQuery().close();
    }
  }
}
