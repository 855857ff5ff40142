package dev.tidemark.api.cache.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.api.cache.CacheRig;
import dev.tidemark.api.cache.CacheSettings;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewSource.Fetched;
import dev.tidemark.api.cache.ViewSource.Now;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.CacheView.Shape;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of a real Postgres. */
@Tag("integration")
@Timeout(120)
class PostgresViewsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final CacheView THINGS =
      view("things", Shape.LIST, "select id, name from thing where owner = :n order by id", "id");
  private static final CacheView THING =
      view("thing", Shape.ONE, "select id, name from thing where id = :n", "id");
  private static final CacheView NUMBERS =
      view("numbers", Shape.LIST, "select generate_series(1, :n) as id");
  private static final CacheView SLOW =
      view("slow", Shape.LIST, "select pg_sleep(:n)::text as slept");
  private static final Catalog CATALOG =
      new Catalog(CacheRig.CATALOG.types(), List.of(THINGS, THING, NUMBERS, SLOW));
  private static final EmbeddedPostgres18 POSTGRES =
      new EmbeddedPostgres18(ServerConfig.temporary());
  private static PostgresViews views;

  @BeforeAll
  static void start() throws SQLException {
    POSTGRES.start();
    execute("create table thing (id int primary key, owner int, name text)");
    execute("insert into thing values (1, 7, 'quay'), (2, 7, 'a \"quoted\" ü'), (3, 8, null)");
    views = new PostgresViews(CacheSettings.of(PostgresUrl.parse(POSTGRES.url().libpq())), CATALOG);
  }

  @AfterAll
  static void stop() {
    views.close();
    POSTGRES.close();
  }

  @Test
  void anAnswerNamesTheRowsThatWereFoundAndTheSnapshotItWasReadIn() throws SQLException {
    ViewsAnswer answer = ask(THINGS, "7");
    assertThat(answer.body())
        .isEqualTo("[{\"id\":1,\"name\":\"quay\"},{\"id\":2,\"name\":\"a \\\"quoted\\\" ü\"}]");
    assertThat(answer.found()).containsExactlyInAnyOrder("thing/1", "thing/2");
    assertThat(ask(THINGS, "9").body()).isEqualTo("[]");
    assertThat(ask(THING, "3").body()).isEqualTo("{\"id\":3,\"name\":null}");
    assertThat(ask(THING, "4").body()).as("there is none").isEmpty();
  }

  @Test
  void anAnswerWithTooManyRowsIsRefusedAndSaysSo() {
    assertThat(ask(NUMBERS, "10000").body()).endsWith("{\"id\":10000}]");
    assertThatThrownBy(() -> ask(NUMBERS, "10001"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.VIEW_TOO_LARGE);
              assertThat(e.problem().detail()).contains("numbers").contains("10000");
            });
  }

  @Test
  void aParameterNeverBecomesSql() {
    String hostile = "7) or true --";
    assertThatThrownBy(() -> ask(THINGS, hostile)).isInstanceOf(AwayException.class);
  }

  @Test
  void aQueryThatTakesTooLongIsGivenUp() {
    assertThatThrownBy(
            () -> views.fetch(Question.of(SLOW, Map.of("n", "60")), Duration.ofMillis(500)))
        .isInstanceOf(AwayException.class);
    assertThat(ask(THING, "1").body()).contains("quay");
  }

  @Test
  void nowNamesTheLogAndItsHistoryAsCaptureDoes() throws SQLException {
    Now before = views.now();
    execute("insert into thing values (100, 1, 'later')");
    Now after = views.now();
    assertThat(after.position()).isGreaterThan(before.position());
    assertThat(after.history()).isEqualTo(before.history());
    assertThat(before.history())
        .isEqualTo(
            one("select system_identifier from pg_control_system()")
                + "/"
                + one("select timeline_id from pg_control_checkpoint()"));
  }

  @Test
  void aRoleWithoutAnyRightMayAskWhereTheLogEnds() throws SQLException {
    execute("create role plain login password 'plain'");
    PostgresUrl own = PostgresUrl.parse(POSTGRES.url().libpq());
    String url =
        "postgresql://plain:plain@%s:%d/%s".formatted(own.host(), own.port(), own.database());
    try (PostgresViews plain =
        new PostgresViews(CacheSettings.of(PostgresUrl.parse(url)), CATALOG)) {
      assertThat(plain.now().history()).isEqualTo(views.now().history());
    }
  }

  /** As text, to compare. */
  private record ViewsAnswer(String body, List<String> found) {}

  private static ViewsAnswer ask(CacheView view, String n) {
    Fetched fetched = views.fetch(Question.of(view, Map.of("n", n)), PATIENCE);
    return new ViewsAnswer(new String(fetched.body(), UTF_8), fetched.found());
  }

  private static CacheView view(String name, Shape shape, String query, String... rows) {
    return new CacheView(
        name,
        "",
        KeyTemplate.parse(name + ":{n}").orElseThrow(),
        Map.of("n", ParameterType.INTEGER),
        NamedQuery.parse(query),
        shape,
        rows.length == 0
            ? List.of()
            : List.of(new Dependency("thing", Map.of(), List.of(rows), List.of())),
        List.of(),
        List.of(),
        Lifetime.DEFAULT,
        Duration.ofSeconds(30),
        Duration.ZERO,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = POSTGRES.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(String sql) throws SQLException {
    try (Connection connection = POSTGRES.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
