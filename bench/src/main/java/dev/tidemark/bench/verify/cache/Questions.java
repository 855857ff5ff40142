package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.cache.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** All questions; some are asked far more often than others. */
final class Questions {
  /** One of so many is any at all, however cold. */
  private static final int ANY_EVERY = 20;

  private final List<Ready> all = new ArrayList<>();

  /** A question as it is sent. */
  record Ready(Asked asked, Wire.Sent sent) {}

  Questions(List<Asked> questions, String token, Random random) {
    questions.forEach(asked -> all.add(new Ready(asked, asked.sent(token))));
    Collections.shuffle(all, random);
  }

  List<Ready> some(Random random, int count) {
    List<Ready> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(one(random));
    }
    return some;
  }

  private Ready one(Random random) {
    if (random.nextInt(ANY_EVERY) == 0) {
      return all.get(random.nextInt(all.size()));
    }
    double skewed = random.nextDouble();
    return all.get((int) (skewed * skewed * skewed * all.size()));
  }
}
