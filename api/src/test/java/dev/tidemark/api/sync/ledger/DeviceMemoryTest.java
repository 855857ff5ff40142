package dev.tidemark.api.sync.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.api.ApiUnderTest;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.sync.DeviceMemory;
import dev.tidemark.api.sync.ReadSet;
import dev.tidemark.api.sync.SyncSettings;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of devices, by several nodes on one Postgres. Each test has a device of its own. */
@Tag("integration")
@Timeout(120)
class DeviceMemoryTest {
  private static final Path TABLES =
      Path.of("../connectors/src/main/resources/dev/tidemark/connectors/schema/tables.sql");
  private static final EmbeddedPostgres18 POSTGRES =
      new EmbeddedPostgres18(ServerConfig.temporary());
  private static final List<PostgresLedger> NODES = new ArrayList<>();
  private static final int AT_ONCE = 24;

  private final String device = "tablet-" + UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    POSTGRES.start();
    execute(Files.readString(TABLES));
    for (int i = 0; i < 3; i++) {
      NODES.add(new PostgresLedger(SyncSettings.of(postgres())));
    }
  }

  @AfterAll
  static void stop() {
    NODES.forEach(PostgresLedger::close);
    POSTGRES.close();
  }

  @Test
  void whatADeviceReadsHasOneNumberOnEveryNode() {
    assertThat(node(0).readSet(device, 1)).isEmpty();
    ReadSet first = set("log", "town/1");
    assertThat(node(0).numberOf(device, first)).isEqualTo(1);
    assertThat(node(1).numberOf(device, first)).isEqualTo(1);
    assertThat(node(1).numberOf(device, set("log", "town/1", "town/2"))).isEqualTo(2);
    assertThat(node(0).numberOf(device, set("another", "town/1"))).isEqualTo(3);
    assertThat(node(2).numberOf(device, first)).isEqualTo(1);
    assertThat(node(2).readSet(device, 1)).contains(first);
    assertThat(node(2).numberOf("another-" + device, set("another", "town/1"))).isEqualTo(1);
  }

  @Test
  void noTextIsTakenForAnother() {
    ReadSet strange = ReadSet.of("l'og", List.of("a,b", "{}", "\"", "\\", "null", ""), List.of());
    int number = node(0).numberOf(device, strange);
    assertThat(node(1).readSet(device, number)).contains(strange);
    assertThat(node(1).numberOf(device, set("l'og", "a", "b", "{}", "\"", "\\"))).isEqualTo(2);
    EntityKey row = new EntityKey("activity", "{\"a\\'%2C\u2028");
    node(0).owe(device, List.of(row), 5);
    assertThat(node(1).owed(device, 5)).containsExactly(row);
  }

  @Test
  void behindTheLastNumberTheyBeginAnew() throws SQLException {
    ReadSet oldest = set("log", "town/oldest");
    assertThat(node(0).numberOf(device, oldest)).isEqualTo(1);
    insert(DeviceMemory.MOST_SETS, "town/last", "clock_timestamp()");
    ReadSet next = set("log", "town/next");
    assertThat(node(0).numberOf(device, next)).isEqualTo(1);
    assertThat(node(1).readSet(device, 1)).contains(next);
    assertThat(node(1).numberOf(device, oldest)).isEqualTo(2);
  }

  @Test
  void aClockThatWentBackGivesNoNumberTwice() throws SQLException {
    insert(5, "town/five", "clock_timestamp() + interval '1 hour'");
    assertThat(node(0).numberOf(device, set("log", "town/six"))).isEqualTo(6);
    assertThat(node(0).numberOf(device, set("log", "town/seven"))).isEqualTo(7);
    assertThat(node(0).readSet(device, 6)).contains(set("log", "town/six"));
  }

  @Test
  void nodesThatAreAskedAtOnceAgree() throws Exception {
    List<Integer> same = atOnce(i -> node(i).numberOf(device, set("log", "town/same")));
    assertThat(same).containsOnly(1);
    List<Integer> others = atOnce(i -> node(i).numberOf(device, set("log", "town/" + i)));
    assertThat(others)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(2, AT_ONCE + 1).boxed().toList());
    for (int i = 0; i < AT_ONCE; i++) {
      assertThat(node(0).readSet(device, others.get(i))).contains(set("log", "town/" + i));
    }
  }

  @Test
  void whatIsOwedIsToldUntilTheDeviceHasReadBehindIt() {
    EntityKey one = new EntityKey("activity", "1");
    EntityKey two = new EntityKey("activity", "2");
    node(0).owe(device, List.of(one, two, one), 10);
    node(1).owe(device, List.of(two), 20);
    node(1).owe(device, List.of(two), 15);
    node(1).owe(device, List.of(), 30);
    assertThat(node(2).owed(device, 10)).containsExactlyInAnyOrder(one, two);
    assertThat(node(2).owed("another-" + device, 0)).isEmpty();
    assertThat(node(2).owed(device, 11)).containsExactly(two);
    assertThat(node(0).owed(device, 0)).containsExactly(two);
    assertThat(node(0).owed(device, 20)).containsExactly(two);
    assertThat(node(0).owed(device, Long.MAX_VALUE)).isEmpty();
    assertThat(node(1).owed(device, 0)).isEmpty();
  }

  @Test
  void nodesThatNoteAtOnceDoNotHinderEachOther() throws Exception {
    // Few enough that each comes to its turn within the ledger's patience on a machine that is
    // busy.
    List<EntityKey> rows =
        IntStream.range(0, 100).mapToObj(i -> new EntityKey("activity", "r" + i)).toList();
    atOnce(
        i -> {
          node(i).owe(device, i % 2 == 0 ? rows : rows.reversed(), i);
          return i;
        });
    assertThat(node(0).owed(device, AT_ONCE - 1)).hasSize(100);
  }

  @Test
  void whoIsOwedTooMuchIsToldEverything() {
    ReadSet read = set("log", "town/1");
    int number = node(0).numberOf(device, read);
    List<EntityKey> rows =
        IntStream.range(0, DeviceMemory.MOST_OWED)
            .mapToObj(i -> new EntityKey("activity", "r" + i))
            .toList();
    node(0).owe(device, rows, 5);
    node(0).owe(device, rows, 6);
    assertThat(node(1).owed(device, 0)).hasSize(DeviceMemory.MOST_OWED);
    assertThat(node(1).readSet(device, number)).contains(read);
    node(0).owe(device, List.of(new EntityKey("activity", "one-more")), 7);
    assertThat(node(1).owed(device, 0)).isEmpty();
    assertThat(node(1).readSet(device, number).orElseThrow().log()).isNotEqualTo("log");
    assertThat(node(1).numberOf(device, read)).isEqualTo(number + 1);
  }

  @Test
  void thatPostgresIsAwayIsSaidSo() {
    try (PostgresLedger alone = new PostgresLedger(ApiUnderTest.SYNC)) {
      List<EntityKey> row = List.of(new EntityKey("activity", "1"));
      for (Callable<?> question :
          List.<Callable<?>>of(
              () -> alone.readSet(device, 1),
              () -> alone.numberOf(device, set("log", "town/1")),
              () -> alone.owed(device, 1),
              () -> {
                alone.owe(device, row, 1);
                return row;
              })) {
        assertThatThrownBy(question::call).isInstanceOf(AwayException.class);
      }
      alone.owe(device, List.of(), 1);
    }
  }

  /** Asks node after node, all at the same time. */
  private static <T> List<T> atOnce(Asked<T> question)
      throws InterruptedException, ExecutionException {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<T>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        int number = i;
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return question.ask(number);
                }));
      }
      start.countDown();
      List<T> all = new ArrayList<>();
      for (Future<T> answer : answers) {
        all.add(answer.get());
      }
      return all;
    }
  }

  private interface Asked<T> {
    T ask(int number);
  }

  private static PostgresLedger node(int number) {
    return NODES.get(number % NODES.size());
  }

  private static ReadSet set(String log, String... scopes) {
    return ReadSet.of(log, List.of(scopes), List.of("activity"));
  }

  private void insert(int number, String scope, String madeAt) throws SQLException {
    execute(
        "insert into tidemark.interop_set values ('%s', %d, 'log', '{%s}', '{activity}', %s)"
            .formatted(device, number, scope, madeAt));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = postgres().connect("device-memory-test");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static PostgresUrl postgres() {
    return PostgresUrl.parse(POSTGRES.url().libpq());
  }
}
