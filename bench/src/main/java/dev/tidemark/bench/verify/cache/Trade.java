package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.WriterThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** All who write. */
final class Trade {
  static final int WRITERS = 6;
  static final int BLOCKS = 24;
  private static final int REST_MILLIS = 500;

  private final List<Block> blocks = new ArrayList<>();
  private final WriterThreads threads;
  private final Deeds deeds;

  /** Held by all who write, each while it writes, and by whoever wants nobody to. */
  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock(true);

  Trade(SyncSystem system, long seed, Delays delays, Consumer<String> shownUndone) {
    for (int block = 0; block < BLOCKS; block++) {
      blocks.add(new Block(block, Shop.questions(block, delays::add), shownUndone));
    }
    threads = new WriterThreads(system::connect, seed);
    deeds = new Deeds(system::connect);
  }

  Questions questions(String token, long seed, Predicate<Asked> which) {
    return new Questions(
        blocks.stream().flatMap(block -> block.questions().stream()).filter(which).toList(),
        token,
        new Random(seed));
  }

  void start() {
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      List<Block> mine =
          IntStream.range(0, BLOCKS)
              .filter(block -> block % WRITERS == number)
              .mapToObj(blocks::get)
              .toList();
      threads.run(
          "writer-" + i,
          i,
          session -> {
            writing.readLock().lockInterruptibly();
            try {
              deeds.any(session, mine.get(session.dice(mine.size())));
            } finally {
              writing.readLock().unlock();
            }
            Thread.sleep(session.dice(REST_MILLIS));
          });
    }
  }

  /** Has nobody write until {@link #resume}. */
  void pause() {
    writing.writeLock().lock();
  }

  void resume() {
    writing.writeLock().unlock();
  }

  long deeds() {
    return threads.deeds();
  }

  /** Lets everybody finish what he is at; says what went wrong. */
  List<String> finish() throws InterruptedException {
    threads.finish();
    List<String> troubles = new ArrayList<>();
    threads.failure().ifPresent(e -> troubles.add("a writer failed: " + e));
    return troubles;
  }

  /** Counts for how long commits were not shown. */
  void close() {
    blocks.forEach(block -> block.questions().forEach(asked -> asked.story().close()));
  }

  boolean failed() {
    return threads.failure().isPresent();
  }
}
