package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.bench.verify.cache.wire.Tier;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Holds each answer against the story of its question. Thread-safe. */
final class Judge {
  private final Duration bound;
  private final Findings findings;
  private final LongAdder reads = new LongAdder();
  private final LongAdder behind = new LongAdder();

  /**
   * An answer.
   *
   * @param value the body as {@code Values} has it
   * @param asked when it was asked for
   * @param came when it had come
   * @param atOnce whether it had to show everything by then
   */
  record Read(int node, Tier tier, long value, long asked, long came, boolean atOnce) {}

  Judge(Duration bound, Findings findings) {
    this.bound = bound;
    this.findings = findings;
  }

  void judge(Asked asked, Read read) {
    reads.increment();
    Story.Finding found = asked.story().look(read.value(), read.asked(), read.came());
    if (!found.found()) {
      findings.add(
          Kind.UNEXPECTED,
          "%s at node %d from %s was never so"
              .formatted(asked.path(), read.node() + 1, read.tier()));
      return;
    }
    if (found.age() > 0) {
      behind.increment();
    }
    if (found.age() > allowed(asked, read)) {
      findings.add(
          Kind.STALE,
          String.format(
              Locale.ROOT,
              "%s at node %d from %s lacks %d commits, of which one was known for %.3f s; at most"
                  + " %.3f s are allowed%s",
              asked.path(),
              read.node() + 1,
              read.tier(),
              found.behind(),
              found.age() / 1e9,
              allowed(asked, read) / 1e9,
              read.atOnce() ? ", asked for at once" : ""));
    }
  }

  /** Whoever does not use the cache begins after he was asked, so he knows everything by then. */
  private long allowed(Asked asked, Read read) {
    if (read.atOnce() || read.tier() == Tier.BYPASS) {
      return 0;
    }
    return bound.toNanos() + (read.tier() == Tier.STALE ? asked.allowance() : 0);
  }

  void refused(Asked asked, int status) {
    findings.add(Kind.UNEXPECTED, asked.path() + " was answered " + status);
  }

  long reads() {
    return reads.sum();
  }

  /** How many answers lacked a commit that was known when they were asked for. */
  long behind() {
    return behind.sum();
  }
}
