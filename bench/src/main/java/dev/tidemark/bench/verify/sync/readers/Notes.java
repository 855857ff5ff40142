package dev.tidemark.bench.verify.sync.readers;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.util.concurrent.atomic.LongAdder;

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

  Notes(Findings findings) {
    this.findings = findings;
  }

  void add(Kind kind, String who, String what) {
    findings.add(kind, who + ": " + what);
  }
}
