package dev.tidemark.bench.verify.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How long after a worker was killed its jobs ran elsewhere. */
final class Rescues {
  private Rescues() {}

  /**
   * The end of a worker.
   *
   * @param worker its life
   */
  record Kill(String worker, Instant at) {}

  /**
   * An attempt that was cut off and made again.
   *
   * @param givenUp how long after the kill that was known
   * @param again how long after the kill another began; limits may have held it
   */
  record Rescue(Duration givenUp, Duration again) {}

  /** Of each attempt that was cut off and made again, in any order. */
  static List<Rescue> of(Evidence evidence, List<Kill> kills) {
    List<Rescue> rescues = new ArrayList<>();
    for (String id : evidence.lives().keySet()) {
      List<Attempts.Made> attempts = Attempts.of(evidence.life(id));
      for (int i = 0; i + 1 < attempts.size(); i++) {
        Attempts.Made cut = attempts.get(i);
        Attempts.Made again = attempts.get(i + 1);
        for (Kill kill : kills) {
          if (cut.worker().startsWith(kill.worker() + "-")
              && cut.begun().isBefore(kill.at())
              && cut.over(evidence.end()).isAfter(kill.at())
              && isLost(cut)) {
            rescues.add(
                new Rescue(
                    Duration.between(kill.at(), cut.over(evidence.end())),
                    Duration.between(kill.at(), again.begun())));
          }
        }
      }
    }
    return rescues;
  }

  private static boolean isLost(Attempts.Made cut) {
    return cut.next()
        .filter(next -> !next.failures().isEmpty())
        .map(next -> next.failures().getLast())
        .filter(failure -> failure.attempt() == cut.number())
        .filter(failure -> failure.reason().equals("worker-lost"))
        .isPresent();
  }
}
