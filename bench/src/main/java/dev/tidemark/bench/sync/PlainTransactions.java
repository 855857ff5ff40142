package dev.tidemark.bench.sync;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * The limit: what Postgres has to do for a batch, done by it alone. One statement, and thus one
 * round trip and one transaction, compares and sets ten rows and writes ten entries of a ledger.
 */
final class PlainTransactions implements AutoCloseable {
  private static final int OPERATIONS = 10;
  private static final String SQL =
      """
      with wanted as materialized (
        select * from unnest(?::uuid[], ?::bigint[], ?::bigint[]) w(operation, id, seen)
      ), written as (
        update bench.plain_entries e set visits = e.visits + 1, title = 'title ' || e.visits
        from wanted w where e.id = w.id and e.owner = 'north' and e.visits = w.seen
        returning w.operation, e.id, e.visits
      )
      insert into bench.plain_ledger (
        id, device_id, idempotency_key, request_hash, batch_id, batch_index, entity_type,
        entity_id, kind, data, base_data, base_version, sequence, strategy, client_timestamp,
        corrected_timestamp, received_at, result, reason, decision, request_id)
      select operation, 'device', operation::text, 'hash of the request', 'batch', 0, 'entry',
        id::text, 'update', jsonb_build_object('visits', visits, 'title', 'title'), null, null,
        1, 'merge', now(), now(), now(), 'applied', 'no_conflict',
        jsonb_build_object('reason', 'no_conflict', 'strategy', 'merge', 'policy', 'abcdef',
          'effect', jsonb_build_object('kind', 'update', 'values',
            jsonb_build_object('visits', visits, 'title', 'title'))),
        'request'
      from written
      """;

  private final List<Connection> connections = new ArrayList<>();
  private final long[] visits;

  /** Where connections come from. */
  @FunctionalInterface
  interface Connections {
    Connection open() throws SQLException;
  }

  PlainTransactions(int rows) {
    this.visits = new long[rows + 1];
  }

  Load.Figures measured(int clients, Duration duration, Connections source) throws Exception {
    return Load.closed(
        clients, duration, number -> client(source.open(), new Random(number), number, clients));
  }

  /** Each client has rows of its own, so that it knows what they hold. */
  private Load.Work client(Connection connection, Random random, int number, int clients)
      throws SQLException {
    connections.add(connection);
    PreparedStatement statement = connection.prepareStatement(SQL);
    return () -> {
      Object[] ids = new Object[OPERATIONS];
      Object[] entries = new Object[OPERATIONS];
      Object[] seen = new Object[OPERATIONS];
      int[] chosen =
          random
              .ints(0, (visits.length - 1) / clients)
              .map(one -> 1 + number + one * clients)
              .distinct()
              .limit(OPERATIONS)
              .toArray();
      for (int i = 0; i < OPERATIONS; i++) {
        ids[i] = UUID.randomUUID();
        entries[i] = (long) chosen[i];
        seen[i] = visits[chosen[i]]++;
      }
      set(statement, connection.createArrayOf("uuid", ids), 1);
      set(statement, connection.createArrayOf("bigint", entries), 2);
      set(statement, connection.createArrayOf("bigint", seen), 3);
      int written = statement.executeUpdate();
      if (written != OPERATIONS) {
        throw new IllegalStateException(written + " operations were written");
      }
    };
  }

  private static void set(PreparedStatement statement, Array array, int index) throws SQLException {
    statement.setArray(index, array);
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
