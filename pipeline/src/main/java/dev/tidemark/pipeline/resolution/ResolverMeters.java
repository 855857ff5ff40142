package dev.tidemark.pipeline.resolution;

import dev.tidemark.contract.sync.Ruling;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.WriteAnswer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is decided, and what has to be decided again. */
public final class ResolverMeters {
  private final MeterRegistry registry;
  private final Map<String, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<WriteAnswer.Kind, Counter> again = new ConcurrentHashMap<>();
  private final Counter resent;
  private final DistributionSummary together;
  private final Timer accepted;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong parked = new AtomicLong();

  public ResolverMeters(MeterRegistry registry) {
    this.registry = registry;
    resent =
        Counter.builder("tidemark.resolver.resent")
            .description("Writes decided again because nothing was heard of them")
            .register(registry);
    together =
        DistributionSummary.builder("tidemark.resolver.together")
            .description("Operations that one write carries")
            .register(registry);
    accepted =
        Timer.builder("tidemark.sync.stage")
            .tag("stage", "decided")
            // As the api has it for the other stages: one name has one kind, or nobody can scrape
            // it.
            .description("How long operations take from one stage to the next.")
            .publishPercentileHistogram()
            .register(registry);
    gauge("tidemark.resolver.pending", "Entities with operations on their way", pending);
    gauge("tidemark.resolver.queued", "Operations that wait for others of their entity", queued);
    gauge("tidemark.resolver.parked", "Entities whose operation waits for its parent", parked);
  }

  private void gauge(String name, String description, AtomicLong value) {
    Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
  }

  void decided(String type, Strategy strategy, Ruling ruling, Duration since) {
    String result = ruling.result().text();
    decisions
        .computeIfAbsent(
            type + '/' + strategy.text() + '/' + result,
            _ ->
                Counter.builder("tidemark.resolver.decisions")
                    .description("Decisions, also those that had to be made again")
                    .tag("type", type)
                    .tag("strategy", strategy.text())
                    .tag("result", result)
                    .register(registry))
        .increment();
    accepted.record(since.isNegative() ? Duration.ZERO : since);
  }

  void together(int operations) {
    together.record(operations);
  }

  void again(WriteAnswer.Kind kind) {
    again
        .computeIfAbsent(
            kind,
            _ ->
                Counter.builder("tidemark.resolver.again")
                    .description("Writes that had to be decided again, by the reason")
                    .tag("reason", kind.name().toLowerCase(Locale.ROOT))
                    .register(registry))
        .increment();
  }

  void resent() {
    resent.increment();
  }

  void pending(int change) {
    pending.addAndGet(change);
  }

  void queued(int change) {
    queued.addAndGet(change);
  }

  void parked(int change) {
    parked.addAndGet(change);
  }
}
