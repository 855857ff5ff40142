package dev.tidemark.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogCheck;
import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.catalog.TableShape;
import dev.tidemark.contract.catalog.TableShape.Column;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.PostgresUrl;
import dev.tidemark.servers.ServerConfig;
import dev.tidemark.standalone.system.CatalogFindings;
import dev.tidemark.standalone.system.TableShapes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReferenceDatabaseTest {
  private static final EmbeddedPostgres18 POSTGRES =
      new EmbeddedPostgres18(ServerConfig.temporary());

  @BeforeAll
  static void start() {
    POSTGRES.start();
    assertThat(migrate(POSTGRES.url())).isEqualTo(10);
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
  }

  @Test
  void theCatalogFitsTheTablesThatItsMigrationsMake() throws SQLException {
    Catalog catalog = ReferenceCatalog.catalog();
    assertThat(CatalogCheck.against(catalog, shapes(catalog))).isEmpty();
  }

  @Test
  void theViewsDependOnAllThatTheirQueriesRead() throws SQLException {
    try (Connection connection = POSTGRES.connect()) {
      assertThat(CatalogFindings.of(connection, ReferenceCatalog.catalog())).isEmpty();
    }
  }

  @Test
  void noDependencyOfAViewCanBeLeftOut() throws SQLException {
    Catalog catalog = ReferenceCatalog.catalog();
    try (Connection connection = POSTGRES.connect()) {
      for (CacheView view : catalog.views()) {
        for (Dependency dependency : view.dependencies()) {
          Catalog poorer = new Catalog(catalog.types(), List.of(without(view, dependency)));
          assertThat(CatalogFindings.of(connection, poorer))
              .as(view.name() + " without " + dependency)
              .anyMatch(finding -> finding.severity() == Severity.ERROR);
        }
      }
    }
  }

  private static CacheView without(CacheView view, Dependency dependency) {
    return new CacheView(
        view.name(),
        view.description(),
        view.key(),
        view.parameters(),
        view.query(),
        view.shape(),
        view.dependencies().stream().filter(other -> !other.equals(dependency)).toList(),
        view.views(),
        view.groups(),
        view.lifetime(),
        view.absent(),
        view.stale(),
        view.scopes(),
        view.rendering(),
        view.warming());
  }

  @Test
  void whatAColumnPrintsAsIsKnownOfEnumerationsAndDomains() throws SQLException {
    try (Connection connection = POSTGRES.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create domain booking.label as character varying(20)");
      statement.execute("create domain booking.tier as booking.plan");
      statement.execute(
          "create table booking.odd (a booking.label, b booking.tier, c booking.plan[])");
      try {
        Map<TableName, TableShape> shapes = TableShapes.of(connection);
        assertThat(shapes.get(new TableName("booking", "odd")))
            .extracting(TableShape::columns)
            .isEqualTo(
                List.of(
                    new Column("a", "booking.label", true, "character varying(20)"),
                    new Column("b", "booking.tier", true, Column.ENUM),
                    new Column("c", "booking.plan[]", true, "booking.plan[]")));
        assertThat(shapes.get(new TableName("booking", "users")))
            .extracting(users -> users.column("plan").orElseThrow())
            .isEqualTo(new Column("plan", "booking.plan", false, Column.ENUM));
      } finally {
        statement.execute("drop table booking.odd; drop domain booking.label, booking.tier");
      }
    }
  }

  @Test
  void everyTableShowsItsRowsAsTheyWere() throws SQLException {
    assertThat(
            column(
                POSTGRES.url(),
                "select oid::regclass::text from pg_class where relkind = 'r' and relreplident <> 'f'"
                    + " and relnamespace::regnamespace::text"
                    + " in ('booking', 'appointments', 'desk', 'field', 'shop')"))
        .isEmpty();
  }

  @Test
  void everyEntityTypeHasSampleRows() throws SQLException {
    for (EntityType type : ReferenceCatalog.catalog().types()) {
      String table = type.table().quoted();
      assertThat(column(POSTGRES.url(), "select count(*) from " + table))
          .as(type.name())
          .isNotEqualTo(List.of("0"));
    }
    assertThat(
            column(
                POSTGRES.url(),
                "select status || ' in ' || municipality_id from field.activities where id = 123"))
        .containsExactly("IN_PROGRESS in 3");
  }

  @Test
  void migratingAgainChangesNothing() throws SQLException {
    List<String> before = everyRow(POSTGRES.url());
    assertThat(migrate(POSTGRES.url())).isZero();
    assertThat(everyRow(POSTGRES.url())).isEqualTo(before);
  }

  @Test
  void theSampleRowsAreTheSameEverywhere() throws SQLException {
    PostgresUrl other = POSTGRES.createDatabase("elsewhere");
    try (Connection connection = POSTGRES.connect();
        PreparedStatement statement =
            connection.prepareStatement(
                "alter database elsewhere set timezone = 'Pacific/Auckland'")) {
      statement.execute();
    }
    migrate(other);
    assertThat(everyRow(other)).isEqualTo(everyRow(POSTGRES.url()));
  }

  private static int migrate(PostgresUrl url) {
    return ReferenceDatabase.migrate(url.jdbc(), url.user(), url.password());
  }

  /** All rows of all entity types, as text that no time zone changes. */
  private static List<String> everyRow(PostgresUrl url) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (EntityType type : ReferenceCatalog.catalog().types()) {
      rows.addAll(
          column(
              url,
              "select row(t.*)::text from "
                  + type.table().quoted()
                  + " as t order by "
                  + String.join(", ", type.key())));
    }
    return rows;
  }

  private static Map<TableName, TableShape> shapes(Catalog catalog) throws SQLException {
    Map<TableName, TableShape> shapes = new HashMap<>();
    for (EntityType type : catalog.types()) {
      String table = "'" + type.table().quoted() + "'::regclass";
      List<Column> columns =
          column(
                  POSTGRES.url(),
                  "select attname || '|' || format_type(atttypid, atttypmod) || '|' || not attnotnull"
                      + " from pg_attribute where attnum > 0 and not attisdropped and attrelid = "
                      + table
                      + " order by attnum")
              .stream()
              .map(line -> line.split("\\|"))
              .map(parts -> new Column(parts[0], parts[1], Boolean.parseBoolean(parts[2])))
              .toList();
      List<String> keys =
          column(
              POSTGRES.url(),
              "select string_agg(attname, ',' order by place) from pg_index,"
                  + " unnest(indkey) with ordinality as part (number, place)"
                  + " join pg_attribute on attnum = number"
                  + " where attrelid = indrelid and indisprimary and indrelid = "
                  + table);
      shapes.put(type.table(), new TableShape(columns, Arrays.asList(keys.getFirst().split(","))));
    }
    return shapes;
  }

  private static List<String> column(PostgresUrl url, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(url.jdbc(), url.user(), url.password());
        Statement statement = connection.createStatement()) {
      statement.execute("set timezone = 'UTC'");
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
    }
    return values;
  }
}
