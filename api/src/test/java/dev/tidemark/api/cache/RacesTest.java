package dev.tidemark.api.cache;

import static dev.tidemark.api.cache.CacheRig.question;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tidemark.api.cache.SharedLog.Applied;
import dev.tidemark.api.cache.SharedLog.Placed;
import dev.tidemark.api.cache.SharedTier.Look;
import dev.tidemark.api.cache.redis.RedisTier;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.pipeline.cache.core.Sight;
import dev.tidemark.servers.EmbeddedRedis;
import dev.tidemark.servers.ServerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/**
 * The races between a change and an answer, by their numbers in {@code docs/cache.md}. 8, 9 and 11
 * are those of the topology, in {@code TargetsTest}.
 */
class RacesTest {
  private static final String LOG = "log/1";
  private static final Duration SOON = Duration.ofSeconds(10);
  @TempDir static Path directory;
  private static EmbeddedRedis server;

  private final Truth truth = new Truth();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private RedisTier redis;
  private RedisClient bare;

  @BeforeAll
  static void startRedis() {
    server = new EmbeddedRedis(ServerConfig.in(directory));
    server.start();
  }

  @AfterAll
  static void stopRedis() {
    server.close();
  }

  @BeforeEach
  void open() throws SharedLog.Away {
    bare = RedisClient.create(URI.create(server.url()));
    bare.flushAll();
    redis = tier();
    begin(redis);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    redis.close();
    bare.close();
  }

  private static RedisTier tier() {
    return CacheRig.redis(server.url());
  }

  private static void begin(RedisTier tier) throws SharedLog.Away {
    long doubts = tier.doubts();
    tier.open(LOG, Map.of(0, 0L));
    tier.trust(doubts);
  }

  private void tell(long from, Invalidation... told) throws SharedLog.Away {
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < told.length; i++) {
      placed.add(new Placed(from + i, told[i]));
    }
    assertThat(redis.apply(LOG, 0, from, from + told.length, placed))
        .isEqualTo(new Applied.UpTo(from + told.length));
  }

  @Test
  void r1AnAnswerThatWasReadBeforeAChangeIsNotKeptBehindIt() throws SharedLog.Away {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.beforeAnswer =
          () -> {
            truth.beforeAnswer = () -> {};
            long transaction = truth.change("thing:1", "new");
            node.hear("thing:1", transaction);
          };
      assertThat(node.ask("1")).isEqualTo("old from postgres");
      assertThat(node.memory.get("thing:1")).isNull();
      assertThat(redis.peek("thing:1")).isEmpty();
      assertThat(node.ask("1")).isEqualTo("new from postgres");
    }
  }

  @Test
  void r1RedisRefusesItWhenThisNodeHasNotHeardYet() throws SharedLog.Away {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.beforeAnswer =
          () -> {
            truth.beforeAnswer = () -> {};
            long transaction = truth.change("thing:1", "new");
            tellQuietly(Truth.of("thing:1", transaction));
          };
      assertThat(node.ask("1")).isEqualTo("old from postgres");
      assertThat(redis.peek("thing:1")).isEmpty();
    }
  }

  private void tellQuietly(Invalidation told) {
    try {
      tell(0, told);
    } catch (SharedLog.Away e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void r2ALateAnswerIsNotKeptByARedisThatForgot() throws SharedLog.Away {
    truth.change("thing:1", "old");
    Look.Lease lease = (Look.Lease) redis.look("thing:1");
    Answer late = answer("thing:1", "old", truth.sight());
    long transaction = truth.change("thing:1", "new");
    tell(0, Truth.of("thing:1", transaction));
    bare.flushAll();
    begin(redis);
    assertThat(redis.fill(lease, late)).as("the lease has gone as well").isTrue();
    assertThat(redis.peek("thing:1")).isEmpty();

    // And with a lease that was made up again in the meantime.
    bare.set("{tidemark}:l:thing:1", lease.token());
    assertThat(redis.fill(lease, late)).as("of another epoch").isFalse();
    assertThat(redis.peek("thing:1")).isEmpty();
  }

  @Test
  void r2WhenTheStateIsEvictedAllAnswersGo() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "a");
      node.ask("1");
      assertThat(redis.peek("thing:1")).isPresent();
      bare.del("{tidemark}:state");
      assertThat(redis.look("thing:1")).isInstanceOf(Look.Away.class);
      begin(redis);
      assertThat(redis.peek("thing:1")).as("of another epoch").isEmpty();
    }
  }

  @Test
  void r3AChangeThatIsHeardOfBeforeReadersSeeItIsNotMissed() throws SharedLog.Away {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth, redis)) {
      long transaction = truth.commit("thing:1", "new");
      node.hear("thing:1", transaction);
      tell(0, Truth.of("thing:1", transaction));
      assertThat(node.ask("1")).as("nobody can know better").isEqualTo("old from postgres");
      assertThat(node.memory.get("thing:1")).isNull();
      assertThat(redis.peek("thing:1")).isEmpty();
      truth.show(transaction);
      assertThat(node.ask("1")).isEqualTo("new from postgres");
      assertThat(node.ask("1")).isEqualTo("new from memory");
      assertThat(redis.peek("thing:1")).isPresent();
    }
  }

  /** Whatever the order, and however often each comes. */
  @Test
  void r4TheOrderOfInvalidationsDoesNotMatter() throws SharedLog.Away {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      bare.flushAll();
      begin(redis);
      MemoryTier memory = new MemoryTier(1 << 20, System::currentTimeMillis, _ -> Duration.ZERO);
      List<Long> transactions = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        transactions.add(truth.commit("thing:1", "v" + i));
      }
      List<Long> shown = transactions.stream().filter(_ -> random.nextBoolean()).toList();
      shown.forEach(truth::show);
      Answer answer = answer("thing:1", "x", truth.sight());
      List<Long> order = new ArrayList<>(transactions);
      order.addAll(transactions.subList(0, random.nextInt(5)));
      Collections.shuffle(order, random);
      int before = random.nextInt(order.size());
      long generation = memory.generation();
      Look.Lease lease = (Look.Lease) redis.look("thing:1");
      for (int i = 0; i < before; i++) {
        memory.invalidate(List.of(Truth.of("thing:1", order.get(i))), true);
        tell(i, Truth.of("thing:1", order.get(i)));
      }
      memory.put(answer, generation);
      redis.fill(lease, answer);
      for (int i = before; i < order.size(); i++) {
        memory.invalidate(List.of(Truth.of("thing:1", order.get(i))), true);
        tell(i, Truth.of("thing:1", order.get(i)));
      }
      boolean complete = shown.size() == transactions.size();
      assertThat(memory.get("thing:1") != null).as("memory, seed %s", seed).isEqualTo(complete);
      assertThat(redis.peek("thing:1").isPresent()).as("Redis, seed %s", seed).isEqualTo(complete);
      transactions.forEach(truth::show);
    }
  }

  @Test
  void r5WhoeverTellsRedisGoesOnWhereTheLastOneStopped() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "old");
      node.ask("1");
      long transaction = truth.change("thing:1", "new");
      // A node dies before it has told Redis; the next one is told where to go on.
      try (RedisTier next = tier()) {
        assertThat(next.open(LOG, Map.of(0, 99L))).isEqualTo(Map.of(0, 0L));
        List<Placed> told = List.of(new Placed(0, Truth.of("thing:1", transaction)));
        assertThat(next.apply(LOG, 0, 0, 1, told)).isEqualTo(new Applied.UpTo(1));
        // The dead one was only slow: what it says again does nothing, what it skips is refused.
        assertThat(redis.apply(LOG, 0, 0, 1, told)).isEqualTo(new Applied.UpTo(1));
        assertThat(redis.apply(LOG, 0, 5, 6, List.of())).isEqualTo(new Applied.Behind());
        assertThat(next.open(LOG, Map.of(0, 99L))).isEqualTo(Map.of(0, 1L));
      }
      assertThat(redis.peek("thing:1")).isEmpty();
    }
  }

  @Test
  void r6ARedisThatLostItsLastMomentsIsToldThemAgain() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "old");
      node.ask("1");
      // What a replica has that is behind.
      byte[] state = bare.dump("{tidemark}:state");
      byte[] entry = bare.dump("{tidemark}:e:thing:1");
      long transaction = truth.change("thing:1", "new");
      node.hear("thing:1", transaction);
      tell(0, Truth.of("thing:1", transaction));
      assertThat(redis.peek("thing:1")).isEmpty();

      bare.flushAll();
      bare.restore("{tidemark}:state", 0, state);
      bare.restore("{tidemark}:e:thing:1", 0, entry);
      assertThat(redis.peek("thing:1")).as("it is back").isPresent();
      assertThat(node.ask("1")).as("and not taken").isEqualTo("new from postgres");
      assertThat(redis.open(LOG, Map.of(0, 1L))).isEqualTo(Map.of(0, 0L));
      tell(0, Truth.of("thing:1", transaction));
      assertThat(redis.peek("thing:1").map(kept -> new String(kept.body(), UTF_8)))
          .as("dropped, whatever was put there since is new")
          .isNotEqualTo(Optional.of("old"));
    }
  }

  @Test
  void r6AfterAFailureRedisIsNotAskedUntilSomebodyHasOpenedItAgain() {
    long doubts = redis.doubts();
    redis.distrust("a connection broke");
    redis.trust(doubts);
    assertThat(redis.look("thing:1")).as("what was known before").isInstanceOf(Look.Away.class);
    redis.trust(redis.doubts());
    assertThat(redis.look("thing:1")).isInstanceOf(Look.Lease.class);
  }

  @Test
  void r6ARedisThatNobodyTellsAnyMoreIsNotAskedForLong() {
    assertThat(redis.trusted()).isTrue();
    await().atMost(Duration.ofSeconds(30)).until(() -> !redis.trusted());
    assertThat(redis.look("thing:1")).isInstanceOf(Look.Away.class);
    redis.trust(redis.doubts());
    assertThat(redis.trusted()).as("somebody looks after it again").isTrue();
  }

  @Test
  void r7WithoutProofOfHavingHeardAllNothingIsGivenFromMemory() {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth)) {
      node.ask("1");
      assertThat(node.ask("1")).isEqualTo("old from memory");
      truth.change("thing:1", "new");
      node.freshness.forget("the broadcast was interrupted");
      assertThat(node.ask("1")).isEqualTo("new from bypass");
      node.cache.missed("records were deleted before they were read");
      node.prove();
      assertThat(node.ask("1")).as("memory is empty").isEqualTo("new from postgres");
    }
  }

  @Test
  void r7AProofThatIsTooOldIsNone() {
    long[] now = {0};
    Freshness freshness = new Freshness(Duration.ofSeconds(5), () -> now[0]);
    freshness.prove(0, truth.sight(), 0);
    now[0] = Duration.ofSeconds(5).toNanos();
    assertThat(freshness.isFresh()).isTrue();
    now[0]++;
    assertThat(freshness.isFresh()).isFalse();
  }

  @Test
  void r10WithAnotherHistoryOfTheDatabaseAllAnswersGo() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "a");
      node.ask("1");
      String other = "log/2";
      assertThat(redis.apply(other, 0, 0, 1, List.of())).isEqualTo(new Applied.Lost());
      assertThat(redis.knows(other)).isFalse();
      assertThat(redis.open(other, Map.of(0, 7L))).isEqualTo(Map.of(0, 7L));
      assertThat(redis.peek("thing:1")).isEmpty();
    }
  }

  @Test
  void r12AnAbsenceThatIsKnownEndsWithAnInsert() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      assertThat(node.ask("1")).isEqualTo(" from postgres");
      assertThat(node.ask("1")).isEqualTo(" from memory");
      long transaction = truth.change("thing:1", "there");
      node.hear("thing:1", transaction);
      tell(0, Truth.of("thing:1", transaction));
      assertThat(node.ask("1")).isEqualTo("there from postgres");
    }
  }

  @Test
  void r13WhoWantsToSeeHisOwnWriteSeesIt() {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth)) {
      node.ask("1");
      truth.change("thing:1", "mine");
      assertThat(node.ask("1")).as("not heard of yet").isEqualTo("old from memory");
      assertThat(CacheRig.say(node.cache.ask(question("1"), true))).isEqualTo("mine from bypass");
    }
  }

  @Test
  void r13WhoAsksAtOnceNeverSharesAnAnswerThatWasBegunBefore() throws Exception {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      truth.beforeAnswer =
          () -> {
            truth.beforeAnswer = () -> {};
            begun.countDown();
            awaitQuietly(go);
          };
      Future<Given> first = threads.submit(() -> node.cache.ask(question("1"), true));
      begun.await();
      truth.change("thing:1", "mine");
      Future<Given> second = threads.submit(() -> node.cache.ask(question("1"), true));
      go.countDown();
      assertThat(CacheRig.say(second.get())).isEqualTo("mine from bypass");
      assertThat(CacheRig.say(first.get())).isEqualTo("old from bypass");
    }
  }

  @Test
  void r14WhoeverAsksForTheSameWaitsForOneFetch() throws Exception {
    truth.change("thing:1", "a");
    try (CacheRig one = new CacheRig(truth, redis);
        RedisTier others = tier()) {
      begin(others);
      try (CacheRig other = new CacheRig(truth, others)) {
        CountDownLatch go = new CountDownLatch(1);
        truth.beforeAnswer = () -> awaitQuietly(go);
        List<Callable<String>> questions =
            IntStream.range(0, 100)
                .<Callable<String>>mapToObj(i -> () -> (i % 2 == 0 ? one : other).ask("1"))
                .toList();
        List<Future<String>> asked = questions.stream().map(threads::submit).toList();
        await().atMost(SOON).until(() -> truth.fetches.get() == 1);
        go.countDown();
        for (Future<String> answer : asked) {
          assertThat(answer.get()).startsWith("a from");
        }
        assertThat(truth.fetches.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void r14WhoJoinsAfterAChangeWasHeardOfDoesNotGetWhatWasReadBefore() throws Exception {
    truth.change("thing:1", "old");
    try (CacheRig node = new CacheRig(truth)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      truth.beforeAnswer =
          () -> {
            truth.beforeAnswer = () -> {};
            begun.countDown();
            awaitQuietly(go);
          };
      Future<String> first = threads.submit(() -> node.ask("1"));
      begun.await();
      node.hear("thing:1", truth.change("thing:1", "new"));
      Future<String> second = threads.submit(() -> node.ask("1"));
      go.countDown();
      assertThat(first.get()).isEqualTo("old from postgres");
      assertThat(second.get()).startsWith("new from");
    }
  }

  @Test
  void r14LifetimesSpreadAndAViewMayGiveWhatItHadMeanwhile() {
    Frequencies frequencies = new Frequencies(System::nanoTime);
    Set<Duration> lifetimes =
        IntStream.range(0, 100)
            .mapToObj(i -> frequencies.lifetime("k" + i, Lifetime.fixed(Duration.ofHours(1))))
            .collect(Collectors.toSet());
    assertThat(lifetimes).hasSizeGreaterThan(90);
    assertThat(lifetimes)
        .allMatch(
            one ->
                one.compareTo(Duration.ofMinutes(54)) >= 0
                    && one.compareTo(Duration.ofMinutes(66)) <= 0);

    try (CacheRig node = new CacheRig(truth)) {
      Question question = Question.of(CacheRig.LENIENT, Map.of("id", "1"));
      truth.change("lenient:1", "old");
      node.cache.ask(question, false);
      node.hear("lenient:1", truth.change("lenient:1", "new"));
      assertThat(CacheRig.say(node.cache.ask(question, false))).isEqualTo("old from stale");
      await()
          .atMost(SOON)
          .until(() -> CacheRig.say(node.cache.ask(question, false)).equals("new from memory"));
    }
  }

  @Test
  void r15OnDoubtAllAnswersGo() throws SharedLog.Away {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "a");
      truth.change("thing:2", "b");
      node.ask("1");
      node.ask("2");
      node.hear("thing:1", 0);
      assertThat(node.memory.keys()).as("of a transaction that nobody knows").isEmpty();
      tell(0, Truth.of("thing:1", 0));
      assertThat(redis.peek("thing:1")).isEmpty();
      assertThat(redis.peek("thing:2")).isEmpty();
    }
  }

  @Test
  void r15AnEntryThatNobodyCanReadIsNoAnswer() {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "a");
      for (String garbage : List.of("", "x", "1\tx\n", "2\ta\tb\tc\td\te\tf\tg\th\nbody")) {
        bare.set("{tidemark}:e:thing:1", garbage);
        node.memory.clear();
        assertThat(node.ask("1")).as("with '%s'", garbage).isEqualTo("a from postgres");
      }
    }
  }

  @Test
  void r15AFetchThatFailsLeavesNothingBehind() {
    try (CacheRig node = new CacheRig(truth, redis)) {
      truth.change("thing:1", "a");
      truth.beforeAnswer =
          () -> {
            throw new IllegalStateException("planned");
          };
      assertThat(catchThrowable(() -> node.ask("1"))).hasMessage("planned");
      truth.beforeAnswer = () -> {};
      assertThat(redis.look("thing:1")).as("nobody holds the lease").isInstanceOf(Look.Lease.class);
      bare.del("{tidemark}:l:thing:1");
      assertThat(node.ask("1")).isEqualTo("a from postgres");
    }
  }

  private static Answer answer(String key, String body, Sight sight) {
    long now = System.currentTimeMillis();
    return new Answer(
        key, body.getBytes(UTF_8), "\"e\"", sight, List.of("thing:*"), now, now + 60_000);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
