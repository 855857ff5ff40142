package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.QueueState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds attempts against what limits them, by the times that the scheduler told: of a queue, of a
 * key, of a pace, and that nothing begins in a queue that is paused.
 */
final class Limits {
  private final Evidence evidence;
  private final Findings findings;

  /** An attempt of a job, with what it counts for. */
  private record Span(
      String id, JobRequest request, Attempts.Made made, Instant from, Instant to) {}

  private Limits(Evidence evidence, Findings findings) {
    this.evidence = evidence;
    this.findings = findings;
  }

  static void check(Evidence evidence, Findings findings) {
    Limits limits = new Limits(evidence, findings);
    List<Span> spans = limits.spans();
    limits.queues(spans);
    limits.types(spans);
    limits.pauses(spans);
  }

  private List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (String id : evidence.lives().keySet()) {
      for (Attempts.Made made : Attempts.of(evidence.life(id))) {
        spans.add(
            new Span(id, made.state().request(), made, made.begun(), made.over(evidence.end())));
      }
    }
    spans.sort(Comparator.comparing(Span::from));
    return spans;
  }

  private void queues(List<Span> spans) {
    Map<String, List<Span>> byQueue = new TreeMap<>();
    spans.forEach(
        span -> byQueue.computeIfAbsent(span.request().queue(), _ -> new ArrayList<>()).add(span));
    byQueue.forEach(
        (name, its) -> {
          JobQueue queue = evidence.catalog().queue(name).orElseThrow();
          crowd("the queue " + name, queue.concurrency(), its);
          queue.pace().ifPresent(pace -> pace("the queue " + name, pace, its));
        });
  }

  private void types(List<Span> spans) {
    Map<String, List<Span>> byType = new TreeMap<>();
    Map<String, List<Span>> byKey = new TreeMap<>();
    for (Span span : spans) {
      String type = span.request().type();
      byType.computeIfAbsent(type, _ -> new ArrayList<>()).add(span);
      span.request()
          .key()
          .ifPresent(
              key -> byKey.computeIfAbsent(type + "/" + key, _ -> new ArrayList<>()).add(span));
    }
    byType.forEach(
        (name, its) ->
            evidence
                .catalog()
                .type(name)
                .flatMap(JobType::pace)
                .ifPresent(pace -> pace("the type " + name, pace, its)));
    byKey.forEach(
        (key, its) ->
            evidence
                .catalog()
                .type(its.getFirst().request().type())
                .filter(type -> type.perKey().isPresent())
                .ifPresent(type -> crowd("the key " + key, type.perKey().getAsInt(), its)));
  }

  /** What ends and begins in the same millisecond is taken to have ended first. */
  private void crowd(String what, int most, List<Span> spans) {
    List<Span> running = new ArrayList<>();
    for (Span span : spans) {
      running.removeIf(other -> !other.to().isAfter(span.from()));
      running.add(span);
      if (running.size() > most) {
        findings.add(
            Kind.LIMIT,
            "%d of %s run at %s, and %d may; the last: %s"
                .formatted(running.size(), what, span.from(), most, evidence.story(span.id())));
      }
    }
  }

  private void pace(String what, Pace pace, List<Span> spans) {
    for (int i = pace.count(); i < spans.size(); i++) {
      Instant first = spans.get(i - pace.count()).from();
      Instant last = spans.get(i).from();
      if (last.isBefore(first.plus(pace.per()))) {
        findings.add(
            Kind.LIMIT,
            "%d of %s begin from %s to %s, and %d may in %s; the last: %s"
                .formatted(
                    pace.count() + 1,
                    what,
                    first,
                    last,
                    pace.count(),
                    pace.per(),
                    evidence.story(spans.get(i).id())));
      }
    }
  }

  private record Where(String queue, int partition) {}

  /** When a queue was paused in a partition. */
  private record Pause(Instant from, Instant to) {}

  private void pauses(List<Span> spans) {
    Map<Where, List<Pause>> pauses = pausesTold();
    for (Span span : spans) {
      Where where = new Where(span.request().queue(), evidence.home(span.id()));
      for (Pause pause : pauses.getOrDefault(where, List.of())) {
        if (span.from().isAfter(pause.from()) && span.from().isBefore(pause.to())) {
          findings.add(
              Kind.LIMIT,
              "attempt %d begins at %s, and %s is paused from %s to %s: %s"
                  .formatted(
                      span.made().number(),
                      span.from(),
                      where,
                      pause.from(),
                      pause.to(),
                      evidence.story(span.id())));
        }
      }
    }
  }

  /**
   * It goes on when the scheduler hears so, and tells of that a little later: so a pause ends with
   * the word that ended it.
   */
  private Map<Where, List<Pause>> pausesTold() {
    Map<Where, List<Pause>> pauses = new HashMap<>();
    Map<Where, Instant> open = new HashMap<>();
    for (QueueState state : evidence.queues()) {
      Where where = new Where(state.queue(), state.partition());
      if (state.paused()) {
        open.putIfAbsent(where, state.at());
      } else {
        Instant from = open.remove(where);
        if (from != null) {
          pauses
              .computeIfAbsent(where, _ -> new ArrayList<>())
              .add(new Pause(from, resumed(where, state.at())));
        }
      }
    }
    open.forEach(
        (where, from) ->
            pauses
                .computeIfAbsent(where, _ -> new ArrayList<>())
                .add(new Pause(from, evidence.end())));
    return pauses;
  }

  private Instant resumed(Where where, Instant told) {
    return evidence.toQueues().stream()
        .filter(one -> one.partition() == where.partition() && !one.at().isAfter(told))
        .filter(
            one ->
                one.value() instanceof JobCommand.Resume resume
                    && resume.queue().equals(where.queue()))
        .map(Told::at)
        .max(Comparator.naturalOrder())
        .orElse(told);
  }
}
