package dev.tidemark.api.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.pull.Changes;
import dev.tidemark.api.pull.ChangesJson;
import dev.tidemark.api.pull.PullAnswer;
import dev.tidemark.api.security.Caller;
import dev.tidemark.pipeline.scopelog.ScopeLog.Change;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.Page.Told;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Pull;
import dev.tidemark.pipeline.scopelog.core.Reading;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One who listens. It reads pages of the log until it has caught up, and from then on hears what
 * comes. Whoever does not take what is sent goes back to pages, at its own pace, and harms nobody.
 *
 * <p>The seam: it is in the hub before it reads its last page, and notes up to where the hub has
 * told. Only a page that reaches as far makes it live; what the hub tells of what was in a page is
 * passed over by its position.
 */
public final class Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);
  private static final int PAGE = 500;
  private static final int PAGE_BYTES = 256 << 10;
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Subscription subscription;
  private final Caller caller;
  private final Line line;
  private final Changes changes;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile State state;
  private @Nullable Reading reading;
  private Position at = Position.START;
  private Position noted = Position.START;
  private String lastRemoval = "";
  private long sentNanos = System.nanoTime();
  private volatile long heardNanos = sentNanos;
  private long askedNanos = sentNanos;
  private long fullNanos = sentNanos;

  private enum State {
    CATCHING_UP,
    /** It does not take more, and somebody will look after it. */
    FULL,
    LIVE,
    ENDED
  }

  public Subscriber(
      Subscription subscription,
      @Nullable Reading reading,
      Caller caller,
      Line line,
      Changes changes) {
    this.subscription = subscription;
    this.reading = reading;
    this.caller = caller;
    this.line = line;
    this.changes = changes;
    this.state = subscription.changes() ? State.CATCHING_UP : State.LIVE;
  }

  Caller caller() {
    return caller;
  }

  boolean hearsChanges() {
    return subscription.changes();
  }

  boolean hearsOutcomes() {
    return subscription.outcomes();
  }

  /** Reads the log until it has caught up, the line is full or the connection ends. May block. */
  void catchUp() {
    try {
      while (page() && awaitReady()) {
        // There is more.
      }
    } catch (ProblemException e) {
      end(Ending.of(e.problem()));
    } catch (AwayException e) {
      LOG.debug("A listener cannot catch up", e);
      end(Ending.goingAway());
    } catch (RuntimeException e) {
      LOG.error("A listener cannot be caught up", e);
      end(Ending.broken());
    }
  }

  /**
   * @return whether it has to go on
   */
  private boolean page() {
    PullAnswer answer =
        changes.page(Optional.ofNullable(reading), subscription.types(), caller, PAGE, PAGE_BYTES);
    lock.lock();
    try {
      if (state != State.CATCHING_UP) {
        return false;
      }
      reading = answer.page().reading();
      at = reading.at();
      if (!answer.page().changes().isEmpty()) {
        send(answer.page().changes(), answer.cursor());
      }
      if (answer.page().more() || at.isBefore(noted)) {
        return true;
      }
      state = State.LIVE;
      line.caughtUp(answer.cursor());
      sentNanos = System.nanoTime();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitReady() {
    long started = System.nanoTime();
    while (!line.isReady()) {
      if (System.nanoTime() - started > WAIT.toNanos()) {
        fill();
        return false;
      }
      LockSupport.parkNanos(MOMENT.toNanos());
    }
    return true;
  }

  private void fill() {
    lock.lock();
    try {
      if (state == State.CATCHING_UP || state == State.LIVE) {
        state = State.FULL;
        fullNanos = System.nanoTime();
        reading = reading == null ? null : reading.upTo(at);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what has come into the log, if it is live. Never waits.
   *
   * @param end up to where the log is told of
   */
  void deliver(List<Change> news, Position end) {
    lock.lock();
    try {
      noted = Position.later(noted, end);
      Reading known = reading;
      if (state != State.LIVE || known == null) {
        return;
      }
      if (!line.isReady()) {
        fill();
        return;
      }
      List<Told> told = new ArrayList<>(news.size());
      for (Change change : news) {
        Entry entry = change.entry();
        Entry last = told.isEmpty() ? null : told.getLast().entry();
        if (!entry.position().isBefore(at)
            && Pull.isTold(known, change.scope(), entry, last)
            && (entry.put() || isNewRemoval(entry))) {
          told.add(Told.of(entry));
        }
      }
      at = Position.later(at, end);
      if (!told.isEmpty()) {
        send(told, changes.write(known.upTo(at), caller));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A row that left two scopes of the listener may be told of in two deliveries. */
  private boolean isNewRemoval(Entry entry) {
    String removal = entry.version() + " " + entry.type() + "/" + entry.id();
    boolean isNew = !removal.equals(lastRemoval);
    lastRemoval = removal;
    return isNew;
  }

  private void send(List<Told> told, String cursor) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    ChangesJson.write(out, told, caller);
    line.changes(out.toByteArray(), cursor);
    sentNanos = System.nanoTime();
  }

  void outcome(ObjectNode outcome) {
    lock.lock();
    try {
      if (state != State.ENDED && line.isReady()) {
        line.outcome(outcome);
        sentNanos = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The other side has said something. */
  void heard() {
    heardNanos = System.nanoTime();
  }

  /** What is to be done about a listener now and then. */
  enum Care {
    NOTHING,
    /** It takes more again. */
    CATCH_UP,
    /** It is gone, or as good as gone. */
    END_SILENT,
    END_EXPIRED
  }

  /**
   * Looks after it, and says what else has to be done.
   *
   * @param told up to where everybody was told
   * @param now by the clock that tokens are checked with
   */
  Care care(Position told, Instant now, LiveSettings settings) {
    lock.lock();
    try {
      long nanos = System.nanoTime();
      if (state == State.ENDED) {
        return Care.NOTHING;
      }
      if (caller.expires().filter(end -> !now.isBefore(end)).isPresent()) {
        return Care.END_EXPIRED;
      }
      boolean silent = line.answers() && nanos - heardNanos > settings.patience().toNanos();
      if (state == State.LIVE && !line.isReady()) {
        fill();
      } else if (state == State.FULL && line.isReady()) {
        state = subscription.changes() ? State.CATCHING_UP : State.LIVE;
        return subscription.changes() ? Care.CATCH_UP : Care.NOTHING;
      }
      if (silent || (state == State.FULL && nanos - fullNanos > settings.patience().toNanos())) {
        return Care.END_SILENT;
      }
      // Also while changes flow: that they are sent does not say that anybody hears them.
      if (line.answers()
          && nanos - Math.max(heardNanos, askedNanos) > settings.heartbeat().toNanos()) {
        line.ask();
        askedNanos = nanos;
      }
      if (state == State.LIVE && nanos - sentNanos > settings.heartbeat().toNanos()) {
        at = Position.later(at, told);
        Reading known = reading;
        line.heartbeat(known == null ? "" : changes.write(known.upTo(at), caller));
        sentNanos = nanos;
      }
      return Care.NOTHING;
    } finally {
      lock.unlock();
    }
  }

  /** Ends it, once, whatever its line makes of that. */
  void end(Ending ending) {
    if (close()) {
      try {
        line.end(ending);
      } catch (RuntimeException e) {
        LOG.debug("A listener cannot be told that it is over", e);
      }
    }
  }

  /** Takes note that the connection is gone. */
  boolean close() {
    lock.lock();
    try {
      boolean first = state != State.ENDED;
      state = State.ENDED;
      return first;
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  /** Whether it took no more when there was something for it. */
  boolean isFull() {
    return state == State.FULL;
  }
}
