package dev.tidemark.standalone.demo;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the five products of the reference catalog move, at a steady rate, until it is closed. It
 * survives a Postgres that goes away.
 */
public final class DemoTraffic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String jdbcUrl;
  private final Properties login;
  private final SplittableRandom random;
  private final long nanosPerMove;
  private final Map<Move, LongAdder> done = new EnumMap<>(Move.class);
  private final Set<Move> complainedOf = EnumSet.noneOf(Move.class);
  private final LongAdder refused = new LongAdder();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Starts at once.
   *
   * @param jdbcUrl of a database with the reference catalog's tables
   * @param seed the same seed on the same rows makes the same moves
   * @param perSecond how many transactions a second
   */
  public DemoTraffic(String jdbcUrl, String user, String password, long seed, double perSecond) {
    this.jdbcUrl = requireNonNull(jdbcUrl, "jdbcUrl is null");
    if (!(perSecond > 0 && perSecond <= 10_000)) {
      throw new IllegalArgumentException(perSecond + " moves a second are not possible");
    }
    this.login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    login.setProperty("ApplicationName", "tidemark-demo");
    login.setProperty("connectTimeout", "5");
    login.setProperty("socketTimeout", "30");
    this.random = new SplittableRandom(seed);
    this.nanosPerMove = (long) (1e9 / perSecond);
    for (Move move : Move.values()) {
      done.put(move, new LongAdder());
    }
    this.thread = Thread.ofVirtual().name("demo-traffic").start(this::run);
  }

  /** How many transactions of each kind were committed so far, by the kind's name. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    done.forEach((move, count) -> counts.put(name(move), count.sum()));
    return counts;
  }

  /** How many transactions were committed so far. */
  public long committed() {
    return done.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** How many transactions Postgres refused, over a constraint or the like. */
  public long refused() {
    return refused.sum();
  }

  /** Ends after the transaction that is under way. */
  @Override
  public void close() {
    stop.countDown();
    try {
      if (!thread.join(PATIENCE)) {
        LOG.warn("The demo traffic does not end within {} and is left behind", PATIENCE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    String reported = null;
    while (stop.getCount() > 0) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl, login)) {
        connection.setAutoCommit(false);
        if (reported != null) {
          LOG.info("The demo traffic has reached Postgres again");
          reported = null;
        }
        pause = FIRST_PAUSE;
        keepMoving(connection);
      } catch (SQLException e) {
        if (reported == null) {
          reported = String.valueOf(e.getMessage());
          LOG.warn("The demo traffic waits for Postgres: {}", reported);
        }
        stops(pause.toNanos());
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    }
  }

  private void keepMoving(Connection connection) throws SQLException {
    long next = System.nanoTime();
    while (!stops(next - System.nanoTime())) {
      // After a stall the traffic goes on from now, rather than making up for what it missed.
      next = Math.max(next + nanosPerMove, System.nanoTime() - nanosPerMove);
      move(connection, Move.of(random.nextLong(Long.MAX_VALUE)), random.nextLong(Long.MAX_VALUE));
    }
  }

  private void move(Connection connection, Move move, long roll) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(move.sql())) {
      statement.setLong(1, roll);
      statement.executeUpdate();
      connection.commit();
      requireNonNull(done.get(move)).increment();
    } catch (SQLException e) {
      // Throws as well if the connection is what failed.
      connection.rollback();
      refused.increment();
      if (complainedOf.add(move)) {
        LOG.warn("Postgres refused to {}, and may do so again: {}", name(move), e.getMessage());
      }
    }
  }

  /** Waits so long, unless it is stopped meanwhile. */
  private boolean stops(long nanos) {
    try {
      return stop.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      stop.countDown();
      return true;
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String name(Move move) {
    return move.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
