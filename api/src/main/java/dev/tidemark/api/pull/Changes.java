package dev.tidemark.api.pull;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Caller;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Page;
import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Pull;
import dev.tidemark.pipeline.scopelog.core.Reading;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads the log for callers. */
@Singleton
public final class Changes {
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How long a node that is behind another may take to catch up with a cursor from there. */
  private static final Duration BEHIND = Duration.ofSeconds(2);

  private final ChangeFeed feed;
  private final Cursors cursors;
  private final PullSettings settings;
  private final PullMeters meters;
  private final InstantSource clock;

  Changes(
      ChangeFeed feed,
      Cursors cursors,
      PullSettings settings,
      PullMeters meters,
      InstantSource clock) {
    this.feed = feed;
    this.cursors = cursors;
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
  }

  /** The next page. May block. */
  PullAnswer pull(PullQuestion question, Caller caller) {
    if (question.minVersion().isPresent() && !present(question.patience())) {
      throw new ProblemException(
          Problem.unavailable(
              "What was committed a moment ago is not in the log of this node yet.", RETRY));
    }
    Optional<Reading> reading =
        question.cursor().map(cursor -> reading(cursor, question.types(), caller));
    return page(
        reading,
        question.types().orElseGet(TreeSet::new),
        caller,
        question.limit(),
        settings.pageBytes());
  }

  /**
   * The next page for somebody who has read so far; a first one if nothing was read. May block.
   *
   * @param bytes how large it may be, about
   * @throws ProblemException if this node is behind that, or the removals since are forgotten
   */
  public PullAnswer page(
      Optional<Reading> reading, SortedSet<String> types, Caller caller, int limit, int bytes) {
    try (LogView log = view(reading)) {
      return page(log, reading, types, caller, limit, bytes);
    }
  }

  /**
   * The log as it is now, with all that somebody has read; to be closed. May block.
   *
   * @throws ProblemException if this node is behind that
   */
  public LogView view(Optional<Reading> reading) {
    reading.map(Reading::seen).ifPresent(this::catchUp);
    return feed.view();
  }

  /**
   * The next page, as of one moment.
   *
   * @throws ProblemException if the removals since are forgotten
   */
  public PullAnswer page(
      LogView log,
      Optional<Reading> reading,
      SortedSet<String> types,
      Caller caller,
      int limit,
      int bytes) {
    long started = System.nanoTime();
    Reading from = reading.orElseGet(() -> Reading.begin(log.end(), types));
    if (Pull.isExpired(log, from)) {
      throw expired("The removals since this cursor are forgotten.");
    }
    Page page = Pull.page(log, from, caller.scopes(), limit, bytes);
    Duration pollAfter =
        page.more()
            ? Duration.ZERO
            : PollAfter.of(Pull.lastChange(log, page.reading().known()), clock.instant());
    meters.pulled(reading.isEmpty(), page, System.nanoTime() - started);
    return new PullAnswer(page, write(page.reading(), caller), pollAfter);
  }

  /** The text of how far a caller has read. */
  public String write(Reading reading, Caller caller) {
    return cursors.write(reading, feed.log(), caller.subject());
  }

  /**
   * How far a caller has read.
   *
   * @throws ProblemException if the cursor is none, or of a log that is no more
   */
  public Reading reading(String cursor, Optional<SortedSet<String>> types, Caller caller) {
    return switch (cursors.read(cursor, feed.log(), caller.subject())) {
      case Cursors.Invalid() ->
          throw new ProblemException(
              Problem.invalid(
                  "/query/cursor", "The cursor is none that was given to this subject."));
      case Cursors.Foreign() -> throw expired("The cursor is of a log that is no more.");
      case Cursors.Valid(Reading reading) -> {
        if (types.isPresent() && !types.get().equals(reading.types())) {
          throw new ProblemException(
              Problem.invalid(
                  "/query/types",
                  "A cursor goes on with the types that it began with; for others begin without a"
                      + " cursor."));
        }
        yield reading;
      }
    };
  }

  private void catchUp(Position seen) {
    boolean there;
    try {
      there = feed.await(seen, BEHIND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      there = false;
    }
    if (!there) {
      throw new ProblemException(
          Problem.unavailable("This node has not read as far as the cursor yet.", RETRY));
    }
  }

  private boolean present(Duration patience) {
    try {
      return feed.awaitPresent(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProblemException expired(String why) {
    return new ProblemException(
        Problem.of(
            ProblemType.CURSOR_EXPIRED,
            why + " Drop what was pulled, keep what was not sent, and start without a cursor."));
  }
}
