package dev.tidemark.bench.verify.sync.readers;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What readers saw and what they complain of. Thread-safe. */
final class Notes {
  private final Findings findings;
  final LongAdder pages = new LongAdder();
  final LongAdder messages = new LongAdder();
  final LongAdder changes = new LongAdder();
  final LongAdder freshStarts = new LongAdder();
  final LongAdder scopeChanges = new LongAdder();
  final LongAdder reconnects = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder silences = new LongAdder();
  final LongAdder moments = new LongAdder();
  final LongAdder ownWrites = new LongAdder();

  final LongAdder torn = new LongAdder();
  private final AtomicReference<@Nullable String> firstTorn = new AtomicReference<>();

  Notes(Findings findings) {
    this.findings = findings;
  }

  /** Takes note that a reader who had everything had a part of a transaction. */
  void torn(String who, String what) {
    torn.increment();
    firstTorn.compareAndSet(null, who + ": " + what);
  }

  Optional<String> firstTorn() {
    return Optional.ofNullable(firstTorn.get());
  }

  void add(Kind kind, String who, String what) {
    findings.add(kind, who + ": " + what);
  }
}
