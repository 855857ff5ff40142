package dev.tidemark.api.sync.ledger;

import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.ReadSet;
import dev.tidemark.contract.EntityKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Device memory in its two tables. */
final class DeviceMemoryRows {
  private static final String SAME =
      "select set_no from tidemark.interop_set"
          + " where device_id = ? and log = ? and scopes = ? and types = ?";

  private static final String LAST =
      "select set_no from tidemark.interop_set where device_id = ? order by made_at desc limit 1";

  private static final String MAKE =
      """
      insert into tidemark.interop_set (device_id, set_no, log, scopes, types, made_at)
      select ?, ?, ?, ?, ?,
        greatest(clock_timestamp(), max(made_at) + interval '1 microsecond')
      from tidemark.interop_set where device_id = ?
      on conflict (device_id, set_no) do update
        set log = excluded.log, scopes = excluded.scopes, types = excluded.types,
            made_at = excluded.made_at
      """;

  private static final String OWE =
      """
      insert into tidemark.interop_owed (device_id, entity_type, entity_id, at)
      select ?, r.type, r.id, ? from unnest(?, ?) as r (type, id)
      on conflict (device_id, entity_type, entity_id) do update
        set at = greatest(interop_owed.at, excluded.at)
      """;

  private DeviceMemoryRows() {}

  static Optional<ReadSet> readSet(Connection connection, String device, int number)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select log, scopes, types from tidemark.interop_set"
                + " where device_id = ? and set_no = ?")) {
      statement.setString(1, device);
      statement.setInt(2, number);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new ReadSet(
                    LedgerRows.text(row, "log"),
                    texts(row.getArray("scopes")),
                    texts(row.getArray("types"))))
            : Optional.empty();
      }
    }
  }

  static int numberOf(Connection connection, String device, ReadSet set) throws SQLException {
    Optional<Integer> known = same(connection, device, set);
    return known.isPresent() ? known.get() : make(connection, device, set);
  }

  /** One at a time for a device: two sets of one number would be two meanings of it. */
  private static int make(Connection connection, String device, ReadSet set) throws SQLException {
    connection.setAutoCommit(false);
    try {
      lock(connection, device);
      Optional<Integer> known = same(connection, device, set);
      int number = known.isPresent() ? known.get() : next(connection, device);
      if (known.isEmpty()) {
        try (PreparedStatement make = connection.prepareStatement(MAKE)) {
          make.setString(1, device);
          make.setInt(2, number);
          make.setString(3, set.log());
          make.setArray(4, array(connection, set.scopes()));
          make.setArray(5, array(connection, set.types()));
          make.setString(6, device);
          make.executeUpdate();
        }
      }
      connection.commit();
      return number;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void lock(Connection connection, String device) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "select pg_advisory_xact_lock(hashtextextended('tidemark.interop_set ' || ?, 0))")) {
      lock.setString(1, device);
      lock.execute();
    }
  }

  private static Optional<Integer> same(Connection connection, String device, ReadSet set)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SAME)) {
      statement.setString(1, device);
      statement.setString(2, set.log());
      statement.setArray(3, array(connection, set.scopes()));
      statement.setArray(4, array(connection, set.types()));
      return number(statement);
    }
  }

  private static int next(Connection connection, String device) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAST)) {
      statement.setString(1, device);
      return number(statement).orElse(0) % DeviceMemory.MOST_SETS + 1;
    }
  }

  private static Optional<Integer> number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
    }
  }

  static int owe(Connection connection, String device, Collection<EntityKey> rows, long at)
      throws SQLException {
    List<EntityKey> keys = rows.stream().distinct().sorted().toList();
    connection.setAutoCommit(false);
    try {
      lock(connection, device);
      int owed;
      try (PreparedStatement statement = connection.prepareStatement(OWE)) {
        statement.setString(1, device);
        statement.setLong(2, at);
        statement.setArray(3, array(connection, keys.stream().map(EntityKey::type).toList()));
        statement.setArray(4, array(connection, keys.stream().map(EntityKey::id).toList()));
        owed = statement.executeUpdate();
      }
      if (count(connection, device) > DeviceMemory.MOST_OWED) {
        update(connection, "delete from tidemark.interop_owed where device_id = ?", device);
        // No log has this name: whoever comes with one of these numbers is told everything.
        update(connection, "update tidemark.interop_set set log = '' where device_id = ?", device);
      }
      connection.commit();
      return owed;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static int count(Connection connection, String device) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select count(*) from tidemark.interop_owed where device_id = ?")) {
      statement.setString(1, device);
      return number(statement).orElse(0);
    }
  }

  private static void update(Connection connection, String sql, String device) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, device);
      statement.executeUpdate();
    }
  }

  static Set<EntityKey> owed(Connection connection, String device, long readUpTo)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "delete from tidemark.interop_owed where device_id = ? and at < ?")) {
      statement.setString(1, device);
      statement.setLong(2, readUpTo);
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select entity_type, entity_id from tidemark.interop_owed where device_id = ?")) {
      statement.setString(1, device);
      Set<EntityKey> owed = new TreeSet<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          owed.add(
              new EntityKey(
                  LedgerRows.text(row, "entity_type"), LedgerRows.text(row, "entity_id")));
        }
      }
      return owed;
    }
  }

  private static Array array(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  private static SortedSet<String> texts(Array array) throws SQLException {
    return new TreeSet<>(List.of((String[]) array.getArray()));
  }
}
