package dev.tidemark.bench.cache;

import dev.tidemark.bench.verify.cache.wire.Wire;
import dev.tidemark.connectors.schema.OwnTables;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Providers with an agenda for each day, as the reference catalog has them, and plain items. */
record Clinic(int providers) {
  static final int DAYS = 7;
  static final int VISITS = 12;
  static final int ITEMS = 2_000;
  private static final LocalDate FIRST = LocalDate.of(2026, 1, 5);

  String ddl() {
    return OwnTables.sql()
        + """
        create schema bench;
        create table bench.people (id integer primary key, name text not null, phone text);
        create table bench.services (id integer primary key, name text not null, colour text);
        create table bench.visits (
          id integer primary key, provider integer not null, client integer not null,
          service integer not null, on_date date not null, starts_at time not null,
          status text not null, notes text);
        create index on bench.visits (provider, on_date);
        create table bench.items (id integer primary key, mark bigint not null, note text);
        alter table bench.visits replica identity full;
        insert into bench.people select n, 'person ' || n, '+34 600 ' || n
          from generate_series(0, 999) n;
        insert into bench.services select n, 'service ' || n, '#aabbcc' from generate_series(0, 99) n;
        insert into bench.visits
          select (p * %2$d + d) * %3$d + v, p, (p * 7 + v * 13) %% 1000, (p + v) %% 100,
                 date '%4$s' + d, time '08:00' + v * interval '30 minutes', 'CONFIRMED',
                 'notes that take some room, as notes do'
          from generate_series(0, %1$d) p, generate_series(0, %5$d) d, generate_series(0, %6$d) v;
        insert into bench.items select n, 0, repeat('x', 200) from generate_series(0, %7$d) n;
        analyze;
        """
            .formatted(providers - 1, DAYS, VISITS, FIRST, DAYS - 1, VISITS - 1, ITEMS - 1);
  }

  static String catalog() {
    return """
    version: 1
    entities:
      person: {description: Somebody., table: bench.people, key: id}
      service: {description: Something that is done., table: bench.services, key: id}
      visit: {description: Somebody comes for something., table: bench.visits, key: id}
      item: {description: Something with a number., table: bench.items, key: id}
    views:
      agenda:
        description: A provider's visits of a day, in their order.
        key: agenda:{provider}:{date}
        parameters: {provider: integer, date: date}
        query: |
          select v.id, v.starts_at, v.status, v.notes, v.service, s.name, s.colour,
                 v.client, c.name as client_name, c.phone
          from bench.visits v
          join bench.services s on s.id = v.service
          join bench.people c on c.id = v.client
          where v.provider = :provider and v.on_date = :date
          order by v.starts_at, v.id
        depends:
          visit: {keys: {provider: provider, date: on_date}}
          service: {rows: service, columns: [name, colour]}
          person: {rows: client, columns: [name, phone]}
      item:
        description: One item.
        key: item:{id}
        parameters: {id: integer}
        query: select i.id, i.mark, i.note from bench.items i where i.id = :id
        result: one
        depends:
          item: {keys: {id: id}}
    """;
  }

  int agendas() {
    return providers * DAYS;
  }

  /** The first visit of an agenda. */
  static int visit(int agenda) {
    return agenda * VISITS;
  }

  static Wire.Sent agenda(int number, String token) {
    return sent(
        "/api/views/agenda/%d/%s".formatted(number / DAYS, FIRST.plusDays(number % DAYS)), token);
  }

  static Wire.Sent item(int id, String token) {
    return sent("/api/views/item/" + id, token);
  }

  /** A request for any path. */
  static Wire.Sent sent(String path, String token) {
    return new Wire.Sent(
        request(path, token, ""), request(path, token, "Cache-Control: no-cache\r\n"), path);
  }

  private static byte[] request(String path, String token, String header) {
    return "GET %s HTTP/1.1\r\nHost: tidemark\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(path, token, header)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
