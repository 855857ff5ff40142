package dev.tidemark.connectors.capture.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.CapturePosition;
import dev.tidemark.contract.CapturePosition.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A model of a slot: transactions that interleave in the log and come out in commit order, replayed
 * whole from any confirmed position after a crash at any change. Whatever the crashes, each change
 * is sent once and in order.
 */
class ProgressTest {
  private static final int SEEDS = 400;

  private record Change(long transaction, long lsn, long commit, int number) {}

  @TestFactory
  Stream<DynamicTest> everyChangeIsSentOnceWhateverTheCrashes() {
    return LongStream.range(0, SEEDS)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private static void check(long seed) {
    Random random = new Random(seed);
    List<Change> log = log(random);
    CapturePosition durable = new CapturePosition(1, Phase.STREAMING, "s", 1, 0, 0, 0, 0, 0);
    List<Change> sent = new ArrayList<>();
    long confirmed = 0;
    boolean finished = false;
    while (!finished) {
      // The slot replays transactions whose commit lies at or behind what was confirmed.
      long from = confirmed;
      List<Change> replay = log.stream().filter(c -> c.commit() >= from).toList();
      CapturePosition start = durable;
      Set<Long> complete =
          replay.stream()
              .filter(c -> c.commit() < start.committed())
              .map(Change::transaction)
              .collect(Collectors.toSet());
      Progress progress = new Progress(start, complete);
      int crashAfter = random.nextInt(replay.size() + 2);
      List<Change> uncommitted = new ArrayList<>();
      int taken = 0;
      long passed = 0;
      Change previous = null;
      for (Change change : replay) {
        if (taken++ == crashAfter) {
          break;
        }
        // The stream knows a commit only after it has passed one since it began.
        if (previous != null && previous.transaction() != change.transaction()) {
          passed = previous.commit() + 1;
        }
        previous = change;
        if (progress.advance(change.transaction(), change.lsn(), passed)) {
          uncommitted.add(change);
        }
        if (random.nextInt(4) == 0) {
          sent.addAll(uncommitted);
          uncommitted.clear();
          durable = progress.position();
          if (random.nextBoolean()) {
            confirmed = Math.max(confirmed, durable.committed());
          }
        }
      }
      finished = crashAfter > replay.size();
      if (finished) {
        sent.addAll(uncommitted);
      }
    }
    assertThat(sent).as("seed %d", seed).isEqualTo(log);
  }

  /** Transactions with interleaved positions, in commit order; some changes share a position. */
  private static List<Change> log(Random random) {
    int transactions = 1 + random.nextInt(8);
    record Write(int transaction, long lsn, int copies) {}
    List<Write> writes = new ArrayList<>();
    long[] commits = new long[transactions];
    long lsn = 10;
    List<Integer> open = new ArrayList<>();
    int begun = 0;
    while (begun < transactions || !open.isEmpty()) {
      lsn += 1 + random.nextInt(5);
      if (begun < transactions && (open.isEmpty() || random.nextInt(3) == 0)) {
        open.add(begun++);
      } else if (random.nextInt(3) == 0) {
        int committed = open.get(random.nextInt(open.size()));
        open.removeIf(transaction -> transaction == committed);
        commits[committed] = lsn;
      } else {
        int copies = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1;
        writes.add(new Write(open.get(random.nextInt(open.size())), lsn, copies));
      }
    }
    List<Integer> order =
        java.util.stream.IntStream.range(0, transactions)
            .boxed()
            .sorted(Comparator.comparingLong(t -> commits[t]))
            .toList();
    List<Change> changes = new ArrayList<>();
    for (int transaction : order) {
      for (Write write : writes) {
        for (int copy = 0; write.transaction() == transaction && copy < write.copies(); copy++) {
          changes.add(
              new Change(100 + transaction, write.lsn(), commits[transaction], changes.size()));
        }
      }
    }
    return changes;
  }
}
