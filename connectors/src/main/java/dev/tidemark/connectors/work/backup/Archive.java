package dev.tidemark.connectors.work.backup;

import dev.tidemark.connectors.work.backup.Manifest.Sequence;
import dev.tidemark.connectors.work.backup.Manifest.Table;
import dev.tidemark.contract.catalog.TableName;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;

/** Writes an archive: a ZIP with an entry for each table, and the manifest at its end. */
final class Archive {
  /** Asked now and then whether to go on. */
  @FunctionalInterface
  interface Going {
    void check() throws IOException;
  }

  private static final int LOOK_EVERY = 1024 * 1024;

  private Archive() {}

  /**
   * Writes what schemas hold, all of it as it was at one moment.
   *
   * @param connection is given up to this, and has no transaction open
   */
  static Manifest write(
      Connection connection, Collection<String> schemas, OutputStream out, Going going)
      throws SQLException, IOException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    try (ZipOutputStream zip = new ZipOutputStream(out);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = '1h'");
      String[] server = row(statement, "SELECT version(), coalesce(" + LSN + ", '0/0')::text");
      List<Table> tables = new ArrayList<>();
      for (TableName name : Contents.tables(connection, schemas)) {
        tables.add(
            table(connection, name, "tables/%04d.copy".formatted(tables.size() + 1), zip, going));
      }
      List<Sequence> sequences = new ArrayList<>();
      for (TableName name : Contents.sequences(connection, schemas)) {
        String[] value = row(statement, "SELECT last_value, is_called FROM " + name.quoted());
        sequences.add(new Sequence(name, Long.parseLong(value[0]), value[1].equals("t")));
      }
      Manifest manifest = new Manifest(server[0], server[1], tables, sequences);
      zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
      zip.write(manifest.bytes());
      zip.closeEntry();
      connection.commit();
      return manifest;
    }
  }

  private static final String LSN =
      "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
          + " ELSE pg_current_wal_insert_lsn() END";

  private static String[] row(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new String[] {row.getString(1), row.getString(2)};
    }
  }

  private static Table table(
      Connection connection, TableName name, String entry, ZipOutputStream zip, Going going)
      throws SQLException, IOException {
    List<String> columns = Contents.columns(connection, name);
    MessageDigest digest = sha256();
    zip.putNextEntry(new ZipEntry(entry));
    long rows;
    try (OutputStream open = new Open(new DigestOutputStream(zip, digest), going)) {
      rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(copy(name, columns) + " TO STDOUT (ENCODING 'UTF8')", open);
    }
    zip.closeEntry();
    return new Table(entry, name, columns, rows, HexFormat.of().formatHex(digest.digest()));
  }

  /** The beginning of a statement that copies these columns; a table may have none. */
  static String copy(TableName name, List<String> columns) {
    return "COPY "
        + name.quoted()
        + (columns.isEmpty()
            ? ""
            : columns.stream()
                .map(column -> '"' + column.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", ", " (", ")")));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stays open, and looks now and then whether to go on. */
  private static final class Open extends FilterOutputStream {
    private final Going going;
    private long written;

    Open(OutputStream out, Going going) {
      super(out);
      this.going = going;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      long before = written / LOOK_EVERY;
      written += length;
      if (written / LOOK_EVERY > before) {
        going.check();
      }
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      going.check();
    }
  }
}
