package dev.tidemark.contract.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogFinding;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.PostgresUrl;
import dev.tidemark.servers.ServerConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ViewProbeTest {
  private static final EmbeddedPostgres18 POSTGRES =
      new EmbeddedPostgres18(ServerConfig.temporary());
  private static final String ENTITIES =
      """
      version: 1
      entities:
        person: {table: people, key: id}
        visit: {table: visits, key: id}
        receipt: {table: receipts, key: [year, number], columns: [year, number, visit_id, total]}
        reading: {table: readings, key: id}
        parcel: {table: parcels_north, key: id}
        letter: {table: letters, key: id}
        "note": {table: notes, key: word}
      """;

  @BeforeAll
  static void start() throws SQLException {
    POSTGRES.start();
    execute(
        """
        create type state as enum ('OPEN', 'DONE');
        create domain email as text;
        create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        create table people (
          id uuid primary key, name text, mail email, active boolean, code char(4), nick text collate loose);
        create table visits (
          id bigint primary key, person_id uuid, host_id uuid, on_date date, state state, notes text,
          tags text[], "select" text);
        create table receipts (
          year integer, number integer, visit_id bigint, total numeric, scan bytea,
          primary key (year, number));
        create table secrets (id uuid, answer text);
        create table readings (id bigint, at date, value integer) partition by range (at);
        create table readings_2025 partition of readings for values from ('2025-01-01') to ('2026-01-01');
        create table parcels (id bigint, weight integer) partition by list (id);
        create table parcels_north partition of parcels for values in (1);
        create table parcels_south partition of parcels for values in (2);
        create table letters (id bigint primary key, text text);
        create table stamped () inherits (letters);
        create table notes (word text primary key, body text);
        create materialized view totals as select sum(total) as total from receipts;
        create view open_visits as
          select v.id, v.person_id, p.name from visits v join people p on p.id = v.person_id
          where v.state = 'OPEN';
        create view open_names as select name, person_id from open_visits;
        create function greeting(text) returns text stable language sql as $$ select 'Hi ' || $1 $$;
        create function twice(integer) returns integer immutable language sql as $$ select 2 * $1 $$;
        create role guest login password 'guest';
        grant select on people, visits to guest;
        revoke temporary on database tidemark from public;
        """);
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
  }

  @Test
  void aViewThatDependsOnAllItReadsHasNoFindings() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{person}:{date}
                parameters: {person: uuid, date: date}
                query: |
                  select v.id, v.state, v.host_id, h.name, v.notes as "a note" -- :nothing
                  from visits v join people h on h.id = v.host_id
                  where v.person_id = :person and v.on_date = :date and v.tags @> '{"a?"}'
                  order by v.id
                depends:
                  visit: {keys: {person: person_id, date: on_date}}
                  person: {rows: host_id, columns: [name]}
                warm: {query: "select person_id as person, on_date as date from visits", every: 5m}
                """))
        .isEmpty();
  }

  @Test
  void aQueryThatPostgresRefusesIsAnErrorAndTheNextViewIsStillProbed() throws SQLException {
    assertThat(
            findings(
                """
                views:
                  broken:
                    key: broken:{id}
                    parameters: {id: uuid}
                    query: select nam from people where id = :id
                    depends: {person: {keys: {id: id}}}
                  other:
                    key: other:{id}
                    parameters: {id: integer}
                    query: select name from people where id = :id
                    depends: {person: {keys: {}}}
                """))
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding).startsWith("error: view "))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith(
                        "error: view broken: Postgres refuses the query: ERROR: column \"nam\" does not exist")
                    .doesNotContain("Position"),
            second -> assertThat(second).contains("view other").contains("uuid = integer"));
  }

  @Test
  void aQueryThatWritesIsRefused() throws SQLException {
    assertThat(
            one(
                "with gone as (delete from people where id = :id returning name) select name from gone"))
        .singleElement()
        .asString()
        .startsWith("error: view test: Postgres refuses the query: ");
    assertThat(count("people")).isZero();
  }

  @Test
  void aTableThatIsNoEntityTypeHasNobodyToTellOfIt() throws SQLException {
    assertThat(
            one(
                "select p.name, (select s.answer from secrets s where s.id = p.id) as answer"
                    + " from people p where p.id = :id order by 1"))
        .containsExactly(
            "error: view test: the query reads public.secrets, which is no entity type of the catalog, so nothing tells when it changes; declare it and name it in 'depends', or do without it");
    assertThat(
            one(
                "select name, (select count(*) from secrets) as n from people where id = :id order by 1"))
        .singleElement()
        .asString()
        .contains("public.secrets");
    assertThat(
            one(
                "select name, (select total from totals) as n from people where id = :id order by 1"))
        .singleElement()
        .asString()
        .contains("public.totals");
    assertThat(
            one(
                "select name, (select count(*) from pg_class) as n from people where id = :id order by 1"))
        .singleElement()
        .asString()
        .contains("pg_catalog.pg_class");
  }

  @Test
  void aTypeThatTheViewDoesNotDependOnIsAnError() throws SQLException {
    assertThat(
            one(
                "select name from people p where id = :id"
                    + " and exists (select from visits v where v.person_id = p.id) order by 1"))
        .containsExactly(
            "error: view test: the query reads public.visits, but 'depends' does not name visit, so its changes leave answers untrue; add it");
  }

  @Test
  void viewsAreFollowedToTheirTables() throws SQLException {
    assertThat(one("select name from open_names where person_id = :id order by name"))
        .containsExactly(
            "error: view test: the query reads public.visits, but 'depends' does not name visit, so its changes leave answers untrue; add it");
    execute("create view hidden as select answer, id from secrets");
    assertThat(
            one(
                "select name, (select answer from hidden where hidden.id = p.id) as a"
                    + " from people p where p.id = :id order by 1"))
        .singleElement()
        .asString()
        .contains("public.secrets through the view public.hidden");
  }

  @Test
  void aColumnThatNoDependencyNamesIsAnError() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: uuid}
                query: select name from people where id = :id and active order by mail
                depends: {person: {keys: {id: id}, columns: [name]}}
                """))
        .containsExactly(
            "error: view test: the query reads active, mail of public.people, but 'columns' of every dependency on person leaves it out, so changes of it leave answers untrue; name it there");
  }

  @Test
  void columnsOfSeveralDependenciesCountTogetherAndOneWithoutCountsForAll() throws SQLException {
    String view =
        """
        key: test:{id}
        parameters: {id: uuid}
        query: select id, name from people where id = :id and active order by mail
        depends: {person: [{keys: {id: id}, columns: [name, active]}, {rows: id%s}]}
        """;
    assertThat(probe(view.formatted(", columns: [mail]"))).isEmpty();
    assertThat(probe(view.formatted(""))).isEmpty();
    assertThat(probe(view.formatted(", columns: [code]"))).hasSize(1);
  }

  @Test
  void wholeRowsReadEveryColumn() throws SQLException {
    for (String query :
        List.of(
            "select to_jsonb(p) as p from people p where p.id = :id order by p.id",
            "select to_jsonb(q) as q from (select p from people p where p.id = :id) q order by 1",
            "select to_jsonb(j) as j from (people p left join letters on false) j where j.name = 'x'"
                + " and :id is not null order by 1",
            "select count(p.*) as n from people p where p.id = :id order by 1")) {
      assertThat(
              probe(
                  """
                  key: test:{id}
                  parameters: {id: uuid}
                  query: "%s"
                  depends: {person: {keys: {id: id}, columns: [name]}, letter: {keys: {}}, note: {keys: {}}}
                  """
                      .formatted(query)))
          .as(query)
          .anySatisfy(
              finding ->
                  assertThat(finding)
                      .contains("the query reads active, code, mail, nick of public.people"));
    }
  }

  @Test
  void aColumnThatTheTypeLeavesOutIsNotSeen() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: bigint}
                query: select year, scan from receipts where visit_id = :id order by year
                depends: {receipt: {keys: {id: visit_id}}}
                """))
        .containsExactly(
            "error: view test: the query reads scan of public.receipts, which 'columns' of the entity type receipt leaves out, so changes of it are not seen; name it there, or do not read it");
  }

  @Test
  void rowsMustBeInTheResultWithTheTypeOfTheKey() throws SQLException {
    String view =
        """
        key: test:{id}
        parameters: {id: uuid}
        query: select v.id, %s from visits v join people h on h.id = v.host_id where v.person_id = :id order by v.id
        depends: {visit: {keys: {id: person_id}}, person: {rows: host_id}}
        """;
    assertThat(probe(view.formatted("v.host_id"))).isEmpty();
    assertThat(probe(view.formatted("h.name")))
        .containsExactly(
            "error: view test: the result has no column host_id, but 'depends' finds rows of person by it; select it, or correct the name (there are id, name)");
    assertThat(probe(view.formatted("h.name as host_id")))
        .singleElement()
        .asString()
        .contains("the result's column host_id is of type text, and id of public.people")
        .contains("of type uuid");
  }

  @Test
  void rowsOfAKeyOfTwoColumnsAreItsParts() throws SQLException {
    String view =
        """
        key: test:{id}
        parameters: {id: uuid}
        query: select v.id, r.year, %s as n from visits v join receipts r on r.visit_id = v.id and r.year = 1 where v.person_id = :id order by v.id
        depends: {visit: {keys: {id: person_id}}, receipt: [{rows: [year, n]}, {keys: {}, columns: [visit_id, total]}]}
        """;
    assertThat(probe(view.formatted("r.number"))).isEmpty();
    assertThat(probe(view.formatted("r.number::text"))).hasSize(1);
  }

  @Test
  void whatDecidesWhetherARowIsFoundIsNotFoundByRows() throws SQLException {
    String view =
        """
        key: test:{id}
        parameters: {id: uuid}
        query: "select v.id, v.host_id, h.name from visits v %s where v.person_id = :id %s order by v.id"
        depends: {visit: {keys: {id: person_id}}, person: {rows: host_id}}
        """;
    assertThat(probe(view.formatted("join people h on h.id = v.host_id", ""))).isEmpty();
    for (String[] parts :
        List.of(
            new String[] {"join people h on h.id = v.host_id", "and h.active"},
            new String[] {"left join people h on h.id = v.host_id and h.active", ""},
            new String[] {
              "join (select id, name, active as on_duty from people) h on h.id = v.host_id",
              "and h.on_duty"
            },
            new String[] {
              "join lateral (select p.name from people p where p.id = v.host_id and p.active) h on true",
              ""
            },
            new String[] {
              "join people h on h.id = v.host_id",
              "and exists (select from people x where x.id = h.id and x.active)"
            },
            new String[] {
              "join people h on h.id = v.host_id",
              "and v.host_id in (with on_duty as (select id, active as a from people) select id from on_duty where a)"
            })) {
      assertThat(probe(view.formatted((Object[]) parts)))
          .as(String.join(" ", parts))
          .containsExactly(
              "error: view test: active of public.people decides which rows the query finds, but 'depends' goes by 'rows' alone, which tells of rows that were found and of none that will be; map person by 'keys' (keys: {} is every answer) with these columns as well");
    }
    assertThat(
            probe(
                view.formatted("join people h on h.id = v.host_id", "and h.active")
                    .replace(
                        "{rows: host_id}", "[{rows: host_id}, {keys: {}, columns: [active]}]")))
        .isEmpty();
  }

  @Test
  void aConditionOnAColumnOfADatabaseViewCounts() throws SQLException {
    execute(
        "create or replace view on_duty as select id, name, active as duty from people;"
            + "create or replace view busy as select id, name, duty from on_duty");
    String view =
        """
        key: test:{id}
        parameters: {id: uuid}
        query: select v.id, v.host_id, h.name from visits v join busy h on h.id = v.host_id where v.person_id = :id%s order by v.id
        depends: {visit: {keys: {id: person_id}}, person: {rows: host_id}}
        """;
    assertThat(probe(view.formatted(""))).isEmpty();
    assertThat(probe(view.formatted(" and h.duty")))
        .singleElement()
        .asString()
        .contains("active")
        .contains("decides which rows the query finds");
  }

  @Test
  void groupedAndUnitedColumnsAreFollowed() throws SQLException {
    String depends =
        "depends: {visit: {keys: {id: person_id}}, person: {rows: host_id}}\nparameters: {id: uuid}\nkey: test:{id}\n";
    assertThat(
            probe(
                depends
                    + "query: select v.host_id, h.name, count(*) as n from visits v join people h on h.id = v.host_id"
                    + " where v.person_id = :id group by v.host_id, h.name having h.name <> 'x' order by 1\n"))
        .singleElement()
        .asString()
        .contains("name of public.people decides");
    assertThat(
            probe(
                depends
                    + "query: select v.host_id, u.name from visits v join (select id, name from people union all"
                    + " select id, code from people) u on u.id = v.host_id and u.name > 'a' where v.person_id = :id order by 1\n"))
        .singleElement()
        .asString()
        .contains("code, name of public.people decides");
  }

  @Test
  void partitionsAreReadThroughTheirRootAndRootsThroughTheirPartitions() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: bigint}
                query: select value from readings_2025 where id = :id order by value
                depends: {reading: {keys: {id: id}, columns: [id]}}
                """))
        .singleElement()
        .asString()
        .contains("the query reads value of public.readings,");
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: bigint}
                query: select weight from parcels where id = :id order by weight
                depends: {parcel: {keys: {id: id}}}
                """))
        .singleElement()
        .asString()
        .contains("the query reads public.parcels_south");
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: bigint}
                query: select text from letters where id = :id order by text
                depends: {letter: {keys: {id: id}}}
                """))
        .singleElement()
        .asString()
        .contains("the query reads public.stamped");
  }

  @Test
  void columnsThatAreCalledTheSameAreAnErrorAndTheReadsAreStillChecked() throws SQLException {
    assertThat(
            one(
                "select p.id, v.id from people p join visits v on v.person_id = p.id where p.id = :id order by 2"))
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains(
                        "the result has two columns called id; give one of them another name"),
            second -> assertThat(second).contains("reads public.visits"));
  }

  @Test
  void textsToFillInMustBeInTheResult() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: uuid}
                query: select name from people where id = :id order by 1
                depends: {person: {keys: {id: id}}}
                render: {texts: [name, body], variant: plan}
                """))
        .containsExactly(
            "error: view test: the result has no column body, but 'render.texts' names it; select it, or correct the name (there are name)",
            "error: view test: the result has no column plan, but 'render.variant' names it; select it, or correct the name (there are name)");
  }

  @Test
  void aListWithoutAnOrderIsAWarningAndOneRowNeedsNone() throws SQLException {
    assertThat(one("select name from people where id = :id"))
        .containsExactly(
            "warning: view test: the query has no order by, so the same rows may come in another order and look like a change; add one that is unique");
    assertThat(one("select name from (select name from people where id = :id order by name) q"))
        .hasSize(1);
    assertThat(one("select name from people where id = :id union all select 'x' order by 1"))
        .isEmpty();
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: uuid}
                query: select name from people where id = :id
                result: one
                depends: {person: {keys: {id: id}}}
                """))
        .isEmpty();
  }

  @Test
  void functionsThatReadOrChangeUnseenAreWarnings() throws SQLException {
    assertThat(
            one("select greeting(name) as g, twice(2) as t from people where id = :id order by 1"))
        .containsExactly(
            "warning: view test: the query calls greeting(text), which may read tables that nobody sees it read; no change of a row says when that makes an answer untrue");
    assertThat(one("select random() as r, name from people where id = :id order by 2"))
        .singleElement()
        .asString()
        .contains("random(), which answers differently each time");
    for (String now : List.of("now()", "current_date", "clock_timestamp()", "localtimestamp(0)")) {
      assertThat(
              one(
                  "select name from people where id = :id and '2026-01-01' < "
                      + now
                      + " order by 1"))
          .as(now)
          .singleElement()
          .asString()
          .contains("the query asks what time it is");
    }
    assertThat(one("select current_user as u, name from people where id = :id order by 2"))
        .isEmpty();
  }

  @Test
  void aDependencyOnWhatIsNotReadIsAWarning() throws SQLException {
    assertThat(
            probe(
                """
                key: test:{id}
                parameters: {id: uuid}
                query: select name from people where id = :id order by 1
                depends: {person: {keys: {id: id}}, visit: {keys: {}}}
                """))
        .containsExactly(
            "warning: view test: 'depends' names visit, of which the query reads nothing; its changes drop answers that are true");
  }

  @Test
  void theWarmingQueryGivesTheParameters() throws SQLException {
    String view =
        """
        key: test:{id}:{day}
        parameters: {id: uuid, day: date}
        query: select name from people where id = :id and :day is not null order by 1
        depends: {person: {keys: {id: id}}}
        warm: {query: "%s", every: 5m}
        """;
    assertThat(probe(view.formatted("select current_date as day, id from people"))).isEmpty();
    assertThat(probe(view.formatted("select id from people")))
        .containsExactly(
            "error: view test: the query of 'warm' gives (id), and the parameters are (id, day); select each of them once, by its name");
    assertThat(probe(view.formatted("select id, now() as day from people")))
        .containsExactly(
            "error: view test: the query of 'warm' gives day as timestamp with time zone, and the parameter is of type date; cast it");
    assertThat(probe(view.formatted("select from nowhere")))
        .singleElement()
        .asString()
        .startsWith("error: view test: Postgres refuses the query of 'warm': ");
  }

  @Test
  void aColumnThatComparesLooselyIsNoKey() throws SQLException {
    String view =
        """
        key: test:{name}
        parameters: {name: text}
        query: select id from people where %1$s = :name order by 1
        depends: {person: {keys: {name: %1$s}}}
        """;
    assertThat(probe(view.formatted("name"))).isEmpty();
    assertThat(probe(view.formatted("nick")))
        .singleElement()
        .asString()
        .startsWith("error: view test: the column nick of public.people has the collation loose");
  }

  @Test
  void strangeNamesStayNames() throws SQLException {
    execute("create table \"odd \"\"name; drop\" (id uuid, \"co\"\"l {VAR :x\" text)");
    assertThat(
            one(
                "select name, (select max(\"co\"\"l {VAR :x\") from \"odd \"\"name; drop\") as \"} (:rtekind\""
                    + " from people where id = :id order by 1"))
        .singleElement()
        .asString()
        .contains("public.odd \"name; drop");
  }

  @Test
  void whoMayNotMakeTemporaryViewsIsToldThatNothingIsProven() throws SQLException {
    PostgresUrl url = POSTGRES.url();
    Catalog catalog =
        catalog(
            """
            views:
              test:
                key: test:{id}
                parameters: {id: uuid}
                query: select id, id from people p where p.id = :id
                depends: {person: {keys: {id: id}}}
              unreadable:
                key: unreadable:{id}
                parameters: {id: uuid}
                query: select :id as id from secrets order by 1
                depends: {person: {keys: {id: id}}}
            """);
    try (Connection connection = DriverManager.getConnection(url.jdbc(), "guest", "guest")) {
      assertThat(sentences(ViewProbe.of(connection, catalog)))
          .satisfiesExactly(
              first -> assertThat(first).contains("two columns called id"),
              second ->
                  assertThat(second)
                      .startsWith("warning: view test: what the query reads cannot be told")
                      .contains("temporary"),
              third ->
                  assertThat(third)
                      .startsWith("error: view unreadable: Postgres refuses the query: ")
                      .contains("permission denied for table secrets"));
    }
  }

  @Test
  void nothingStaysInTheDatabaseAndTheConnectionIsAsItWas() throws SQLException {
    try (Connection connection = POSTGRES.connect()) {
      ViewProbe.of(
          connection,
          catalog(
              """
              views:
                test:
                  key: test:{id}
                  parameters: {id: uuid}
                  query: select name from people where id = :id
                  depends: {person: {keys: {id: id}}}
              """));
      assertThat(connection.getAutoCommit()).isTrue();
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "select count(*) from pg_class where relname = 'tidemark_probe'")) {
        rows.next();
        assertThat(rows.getInt(1)).isZero();
      }
    }
  }

  @Test
  void aServerThatGoesAwayIsNoFaultOfTheCatalog() throws SQLException {
    Catalog catalog =
        catalog(
            """
            views:
              test:
                key: test:{id}
                parameters: {id: uuid}
                query: select name from people where id = :id order by 1
                depends: {person: {keys: {id: id}}}
            """);
    try (Connection connection = POSTGRES.connect()) {
      connection.abort(Runnable::run);
      assertThatThrownBy(() -> ViewProbe.of(connection, catalog)).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void aTableThatIsLockedIsNoFaultOfTheCatalog() throws SQLException {
    try (Connection holder = POSTGRES.connect();
        Statement lock = holder.createStatement();
        Connection connection = POSTGRES.connect();
        Statement limit = connection.createStatement()) {
      holder.setAutoCommit(false);
      lock.execute("lock table people in access exclusive mode");
      limit.execute("set lock_timeout = '50ms'");
      assertThatThrownBy(
              () ->
                  ViewProbe.of(
                      connection,
                      catalog(
                          """
                          views:
                            test:
                              key: test:{id}
                              parameters: {id: uuid}
                              query: select name from people where id = :id
                              depends: {person: {keys: {id: id}}}
                          """)))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  private static int count(String table) throws SQLException {
    try (Connection connection = POSTGRES.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** A view over people by their id, with this query. */
  private static List<String> one(String query) throws SQLException {
    return probe(
        """
        key: test:{id}
        parameters: {id: uuid}
        query: |
          %s
        depends: {person: {keys: {id: id}}}
        """
            .formatted(query));
  }

  private static List<String> probe(String view) throws SQLException {
    return findings("views:\n  test:\n" + view.indent(4));
  }

  private static List<String> findings(String views) throws SQLException {
    try (Connection connection = POSTGRES.connect()) {
      return sentences(ViewProbe.of(connection, catalog(views)));
    }
  }

  private static List<String> sentences(List<CatalogFinding> findings) {
    return findings.stream()
        .map(finding -> finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding)
        .toList();
  }

  private static Catalog catalog(String views) {
    return switch (CatalogReader.read("catalog.yml", ENTITIES + views)) {
      case CatalogReading.Valid valid -> valid.catalog();
      case CatalogReading.Invalid invalid -> throw new AssertionError(invalid.sentences());
    };
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = POSTGRES.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
