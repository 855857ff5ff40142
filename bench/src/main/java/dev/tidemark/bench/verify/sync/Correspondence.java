package dev.tidemark.bench.verify.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** What devices sent and what they were told. Thread-safe. */
final class Correspondence {
  private final Map<String, Told> operations = new LinkedHashMap<>();
  private final Set<String> troubles = new LinkedHashSet<>();
  private long batches;
  private long requests;
  private long silences;
  private long puttingsOff;
  private final Histogram millis = new Histogram(3);

  /**
   * An operation and all that was ever said of it.
   *
   * @param acknowledged whether the api has taken it: a batch of which it says that it will be
   *     settled is taken as a whole
   */
  record Told(Intent intent, boolean acknowledged, List<Answered.Entry> answers) {}

  synchronized void sent(Batch batch) {
    batches++;
    for (Intent intent : batch.intents()) {
      operations.put(intent.key(), new Told(intent, false, new ArrayList<>()));
    }
  }

  synchronized void answered(Batch batch, Answered answered) {
    requests++;
    for (int i = 0; i < batch.intents().size(); i++) {
      String key = batch.intents().get(i).key();
      Told told = operations.get(key);
      if (told == null) {
        throw new IllegalStateException(key + " was never sent");
      }
      Answered.Entry entry = answered.entries().get(i);
      if (entry != null) {
        told.answers().add(entry);
      }
      operations.put(key, new Told(told.intent(), true, told.answers()));
    }
  }

  synchronized void unreachable() {
    silences++;
  }

  /** The api is there and cannot take it now. */
  synchronized void putOff() {
    puttingsOff++;
  }

  /** How long a batch has taken, from when it was first sent. */
  synchronized void settled(Duration took) {
    millis.recordValue(took.toMillis());
  }

  synchronized void trouble(String what) {
    troubles.add(what);
  }

  synchronized List<Told> operations() {
    return List.copyOf(operations.values());
  }

  synchronized List<String> troubles() {
    return List.copyOf(troubles);
  }

  synchronized long batches() {
    return batches;
  }

  synchronized String sentence() {
    return "%,d batches (settled within p50 %d ms, p99 %,d ms), %,d operations, %,d answers, %,d refusals, %,d silences"
        .formatted(
            batches,
            millis.getValueAtPercentile(50),
            millis.getValueAtPercentile(99),
            operations.size(),
            requests,
            puttingsOff,
            silences);
  }
}
