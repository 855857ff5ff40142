package dev.tidemark.connectors.work.backup;

import dev.tidemark.connectors.work.backup.Manifest.Sequence;
import dev.tidemark.connectors.work.backup.Manifest.Table;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an archive of {@code backup} into a database whose tables have been made and are empty.
 * All of it or nothing: what arrived is compared with the manifest before it is committed. An
 * archive of {@code pg_dump} is for {@code pg_restore}.
 */
public final class Restore {
  private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
  private static final int MOST_MANIFEST = 64 * 1024 * 1024;

  /** What is in the database now. */
  public record Restored(int tables, long rows, String lsn) {}

  /** What arrived of a table. */
  private record Arrived(long rows, String sha256) {}

  private final Storage storage;
  private final PostgresUrl target;

  public Restore(Storage storage, PostgresUrl target) {
    this.storage = storage;
    this.target = target;
  }

  /**
   * Restores an archive. It is read twice: its end says what its beginning means.
   *
   * @throws IOException if there is no such archive, or it is not whole
   * @throws SQLException if the database does not take it
   */
  public Restored restore(String key) throws IOException, SQLException {
    Manifest manifest = manifest(key);
    try (Connection connection = target.connect("tidemark restore")) {
      connection.setAutoCommit(false);
      boolean triggers = !withoutTriggers(connection);
      if (triggers) {
        LOG.warn("triggers and references are at work: this user may not switch them off");
      }
      requireEmpty(connection, manifest);
      Map<String, Arrived> arrived = fill(connection, manifest, key);
      long rows = compare(manifest, arrived);
      for (Sequence sequence : manifest.sequences()) {
        set(connection, sequence);
      }
      connection.commit();
      return new Restored(manifest.tables().size(), rows, manifest.lsn());
    }
  }

  private Manifest manifest(String key) throws IOException {
    try (ZipInputStream zip = open(key)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(Manifest.ENTRY)) {
          return Manifest.read(zip.readNBytes(MOST_MANIFEST));
        }
      }
    }
    throw new IOException(key + " is not whole: it has no manifest");
  }

  private ZipInputStream open(String key) throws IOException {
    return new ZipInputStream(
        storage.get(key).orElseThrow(() -> new IOException("there is no backup " + key)));
  }

  /** Rows come as they were: nobody computes anything, and references were right. */
  private static boolean withoutTriggers(Connection connection) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL session_replication_role = replica");
      return true;
    } catch (SQLException e) {
      LOG.debug("session_replication_role cannot be set", e);
      connection.rollback(before);
      return false;
    }
  }

  private static void requireEmpty(Connection connection, Manifest manifest) throws SQLException {
    List<String> full = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (Table table : manifest.tables()) {
        try (ResultSet row =
            statement.executeQuery("SELECT EXISTS (SELECT FROM " + table.name().quoted() + ")")) {
          row.next();
          if (row.getBoolean(1)) {
            full.add(table.name().toString());
          }
        }
      }
    }
    if (!full.isEmpty()) {
      throw new SQLException("these tables are not empty: " + String.join(", ", full));
    }
  }

  private Map<String, Arrived> fill(Connection connection, Manifest manifest, String key)
      throws IOException, SQLException {
    Map<String, Table> tables = new LinkedHashMap<>();
    manifest.tables().forEach(table -> tables.put(table.entry(), table));
    Map<String, Arrived> arrived = new LinkedHashMap<>();
    try (ZipInputStream zip = open(key)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Table table = tables.get(entry.getName());
        if (table != null) {
          MessageDigest digest = Archive.sha256();
          String copy = Archive.copy(table.name(), table.columns());
          long rows =
              connection
                  .unwrap(PGConnection.class)
                  .getCopyAPI()
                  .copyIn(
                      copy + " FROM STDIN (ENCODING 'UTF8')",
                      new Open(new DigestInputStream(zip, digest)));
          arrived.put(
              entry.getName(), new Arrived(rows, HexFormat.of().formatHex(digest.digest())));
        }
      }
    }
    return arrived;
  }

  private static long compare(Manifest manifest, Map<String, Arrived> arrived) throws IOException {
    long rows = 0;
    for (Table table : manifest.tables()) {
      if (!new Arrived(table.rows(), table.sha256()).equals(arrived.get(table.entry()))) {
        throw new IOException(table.name() + " did not arrive as it was");
      }
      rows += table.rows();
    }
    return rows;
  }

  private static void set(Connection connection, Sequence sequence) throws SQLException {
    TableName name = sequence.name();
    try (PreparedStatement set = connection.prepareStatement("SELECT setval(?::regclass, ?, ?)")) {
      set.setString(1, name.quoted());
      set.setLong(2, sequence.value());
      set.setBoolean(3, sequence.called());
      set.executeQuery().close();
    }
  }

  /** Whoever reads an entry does not close the archive. */
  private static final class Open extends FilterInputStream {
    Open(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // The archive goes on.
    }
  }
}
