package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.cache.Line.Tier;
import java.io.ByteArrayOutputStream;
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
   */
  record Place(int node, int port, int together) {}

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
      try (Line line = new Line(place.port(), PATIENCE)) {
        while (!closed) {
          ask(line);
        }
      } catch (IOException e) {
        tallies.failed();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void ask(Line line) throws IOException {
    boolean atOnce = random.nextInt(AT_ONCE_EVERY) == 0;
    List<Questions.Ready> some = questions.some(random, place.together());
    ByteArrayOutputStream requests = new ByteArrayOutputStream(4_096);
    some.forEach(one -> requests.writeBytes(atOnce ? one.atOnce() : one.request()));
    long asked = System.nanoTime();
    line.send(requests.toByteArray());
    for (Questions.Ready one : some) {
      line.receive();
      long came = System.nanoTime();
      if (line.status() == OK || (line.status() == NOT_FOUND && line.tier() != Tier.NONE)) {
        tallies.given(place.node(), line.tier());
        judge.judge(
            one.asked(),
            new Judge.Read(
                place.node(),
                line.tier(),
                line.status() == OK ? line.value() : Values.ABSENT,
                asked,
                came,
                atOnce));
      } else {
        tallies.failed();
        if (line.status() < 500) {
          judge.refused(one.asked(), line.status());
        }
      }
    }
  }

  void close() {
    closed = true;
  }
}
