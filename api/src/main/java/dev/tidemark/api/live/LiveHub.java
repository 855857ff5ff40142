package dev.tidemark.api.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.pipeline.scopelog.ScopeLog.Change;
import dev.tidemark.pipeline.scopelog.core.Position;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what comes into the log to those who listen to its scopes, and looks after them. */
public final class LiveHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** How often it is seen whether those who took no more do so again. */
  private static final Duration CARE = Duration.ofMillis(100);

  /** Everybody is looked after at every so many of these. */
  private static final int ROUND = 10;

  /** So many read pages at a time: after a node has died, its listeners come all at once. */
  private static final int READERS = 16;

  private final LiveSettings settings;
  private final InstantSource clock;
  private final Map<String, Set<Subscriber>> byScope = new ConcurrentHashMap<>();
  private final Map<String, Set<Subscriber>> byDevice = new ConcurrentHashMap<>();
  private final Map<String, Set<Subscriber>> bySubject = new ConcurrentHashMap<>();
  private final Map<Line, Long> guests = new ConcurrentHashMap<>();
  private final Set<Subscriber> all = ConcurrentHashMap.newKeySet();
  private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore readers = new Semaphore(READERS);
  private final ScheduledExecutorService caring;
  private final Timer fanOut;
  private final Map<String, Counter> endings = new ConcurrentHashMap<>();
  private final MeterRegistry registry;
  private volatile Position told = Position.START;

  /** Only of the thread that cares. */
  private long rounds;

  public LiveHub(LiveSettings settings, MeterRegistry registry, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.registry = registry;
    fanOut =
        Timer.builder("tidemark.live.fanout")
            .description("Time to hand what came into the log to all who listen.")
            .publishPercentileHistogram()
            .register(registry);
    Gauge.builder("tidemark.live.connections", all, Set::size)
        .description("Who listens to this node.")
        .register(registry);
    caring =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("tidemark-live").daemon().unstarted(task));
    var _ =
        caring.scheduleWithFixedDelay(
            this::care, CARE.toMillis(), CARE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes note of a connection that has not said yet what it wants to hear. */
  void greet(Line line) {
    guests.put(line, System.nanoTime());
  }

  /** It has said so, or is gone. */
  void seat(Line line) {
    guests.remove(line);
  }

  /**
   * Takes a listener in; it begins to catch up.
   *
   * @throws ProblemException if there are too many
   */
  public void add(Subscriber subscriber) {
    if (all.size() >= settings.connections()) {
      throw new ProblemException(
          Problem.unavailable("This node has as many listeners as it takes.", RETRY));
    }
    String subject = subscriber.caller().subject();
    Set<Subscriber> own = bySubject.get(subject);
    if (own != null && own.size() >= settings.perSubject()) {
      throw new ProblemException(
          Problem.rateLimited("This subject has as many connections as it may have.", RETRY));
    }
    all.add(subscriber);
    put(bySubject, subject, subscriber);
    if (subscriber.hearsOutcomes()) {
      subscriber.caller().device().ifPresent(device -> put(byDevice, device, subscriber));
    }
    if (subscriber.hearsChanges()) {
      subscriber.caller().scopes().forEach(scope -> put(byScope, scope, subscriber));
      catchUp(subscriber);
    }
  }

  /** Lets a listener go whose connection is gone. */
  public void remove(Subscriber subscriber) {
    subscriber.close();
    if (all.remove(subscriber)) {
      take(bySubject, subscriber.caller().subject(), subscriber);
      subscriber.caller().device().ifPresent(device -> take(byDevice, device, subscriber));
      subscriber.caller().scopes().forEach(scope -> take(byScope, scope, subscriber));
    }
  }

  /** Takes what has come into the log to whoever listens. Never waits. */
  public void told(List<Change> changes, Position end) {
    long started = System.nanoTime();
    IdentityHashMap<Subscriber, List<Change>> news = new IdentityHashMap<>();
    for (Change change : changes) {
      Set<Subscriber> interested = byScope.get(change.scope());
      if (interested != null) {
        for (Subscriber subscriber : interested) {
          news.computeIfAbsent(subscriber, _ -> new ArrayList<>(4)).add(change);
        }
      }
    }
    news.forEach((subscriber, its) -> sparing(subscriber, () -> subscriber.deliver(its, end)));
    told = end;
    if (!news.isEmpty()) {
      fanOut.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    }
  }

  /** Takes an outcome to the connections of its device. Never waits. */
  public <O> void outcome(String device, O outcome, Function<O, ObjectNode> json) {
    Set<Subscriber> interested = byDevice.get(device);
    if (interested != null) {
      ObjectNode text = json.apply(outcome);
      interested.forEach(subscriber -> sparing(subscriber, () -> subscriber.outcome(text)));
    }
  }

  /** Who fails is let go: the thread that tells everybody is not his to stop. */
  private void sparing(Subscriber subscriber, Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      LOG.warn("A listener cannot be told of news and is let go", e);
      end(subscriber, Ending.broken(), "broken");
    }
  }

  private void catchUp(Subscriber subscriber) {
    try {
      var _ =
          reading.submit(
              () -> {
                readers.acquireUninterruptibly();
                try {
                  subscriber.catchUp();
                } finally {
                  readers.release();
                }
                if (subscriber.isEnded()) {
                  remove(subscriber);
                }
              });
    } catch (RejectedExecutionException e) {
      LOG.debug("The hub is closed", e);
    }
  }

  private void care() {
    long nanos = System.nanoTime();
    guests.forEach(
        (line, since) -> {
          if (nanos - since > settings.patience().toNanos() && guests.remove(line, since)) {
            line.end(Ending.tooSlow());
          }
        });
    rounds++;
    boolean everybody = rounds % ROUND == 0;
    for (Subscriber subscriber : all) {
      if (everybody || subscriber.isFull()) {
        sparing(subscriber, () -> care(subscriber));
      }
    }
  }

  private void care(Subscriber subscriber) {
    switch (subscriber.care(told, clock.instant(), settings)) {
      case NOTHING -> {
        // It is well.
      }
      case CATCH_UP -> catchUp(subscriber);
      case END_SILENT -> end(subscriber, Ending.tooSlow(), "too-slow");
      case END_EXPIRED -> end(subscriber, Ending.tokenExpired(), "token-expired");
    }
  }

  private void end(Subscriber subscriber, Ending ending, String why) {
    subscriber.end(ending);
    remove(subscriber);
    endings
        .computeIfAbsent(
            why,
            reason ->
                Counter.builder("tidemark.live.ended")
                    .description("Connections that this node has ended.")
                    .tag("reason", reason)
                    .register(registry))
        .increment();
  }

  private static void put(Map<String, Set<Subscriber>> index, String key, Subscriber subscriber) {
    index.compute(
        key,
        (_, there) -> {
          Set<Subscriber> set = there == null ? ConcurrentHashMap.newKeySet() : there;
          set.add(subscriber);
          return set;
        });
  }

  private static void take(Map<String, Set<Subscriber>> index, String key, Subscriber subscriber) {
    index.computeIfPresent(
        key,
        (_, set) -> {
          set.remove(subscriber);
          return set.isEmpty() ? null : set;
        });
  }

  /** Tells everybody to go elsewhere. */
  @Override
  public void close() {
    caring.shutdownNow();
    for (Subscriber subscriber : all) {
      end(subscriber, Ending.goingAway(), "going-away");
    }
    reading.shutdownNow();
  }
}
