package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.cache.wire.Tier;
import dev.tidemark.bench.verify.cache.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Asks one node, a few questions at a time, as fast as it answers. */
final class CacheReader implements Runnable {
  /** Longer than anything is paused. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** One of so many batches is asked with no-cache. */
  private static final int AT_ONCE_EVERY = 150;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  private final Place place;
  private final Questions questions;
  private final Judge judge;
  private final Tallies tallies;
  private final Random random;
  private volatile boolean closed;

  /**
   * Whom it asks.
   *
   * @param together how many questions go before the first is answered
   * @param pause after them
   */
  record Place(int node, Opens opens, int together, Duration pause) {}

  /** How it gets a connection. */
  interface Opens {
    Wire open(Duration patience) throws IOException;
  }

  CacheReader(Place place, Questions questions, Judge judge, Tallies tallies, Random random) {
    this.place = place;
    this.questions = questions;
    this.judge = judge;
    this.tallies = tallies;
    this.random = random;
  }

  @Override
  public void run() {
    while (!closed) {
      try (Wire wire = place.opens().open(PATIENCE)) {
        while (!closed) {
          ask(wire);
          LockSupport.parkNanos(place.pause().toNanos());
        }
      } catch (IOException e) {
        tallies.failed();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void ask(Wire wire) throws IOException {
    boolean atOnce = random.nextInt(AT_ONCE_EVERY) == 0;
    List<Questions.Ready> some = questions.some(random, place.together());
    List<Wire.Sent> sent = some.stream().map(Questions.Ready::sent).toList();
    long asked = System.nanoTime();
    wire.send(sent, atOnce);
    for (Questions.Ready one : some) {
      wire.receive();
      long came = System.nanoTime();
      if (wire.status() == OK || (wire.status() == NOT_FOUND && wire.tier() != Tier.NONE)) {
        tallies.given(place.node(), wire.tier());
        judge.judge(
            one.asked(),
            new Judge.Read(place.node(), wire.tier(), wire.value(), asked, came, atOnce));
      } else {
        tallies.failed();
        if (wire.status() < SERVER_ERROR) {
          judge.refused(one.asked(), wire.status());
        }
      }
    }
  }

  void close() {
    closed = true;
  }
}
