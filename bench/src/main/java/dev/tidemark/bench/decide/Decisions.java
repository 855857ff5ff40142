package dev.tidemark.bench.decide;

import dev.tidemark.pipeline.resolution.core.Decide;
import dev.tidemark.pipeline.resolution.core.Decision;
import dev.tidemark.pipeline.resolution.core.Question;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decisions about a row of twenty fields. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Decisions {
  private final Question merge = Questions.merge();
  private final Question plain = Questions.plain();

  /** Every field is set, and half of them were changed by somebody else. */
  @Benchmark
  public Decision merge() {
    return Decide.decide(merge);
  }

  /** Three fields are set that nobody else has changed. */
  @Benchmark
  public Decision plain() {
    return Decide.decide(plain);
  }
}
