package dev.tidemark.bench.verify.jobs;

import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds jobs with the same unique key against each other: no two live at once. */
final class Twins {
  private final Evidence evidence;
  private final Findings findings;
  private final Map<String, List<Span>> byKey = new HashMap<>();

  /** As long as others count as the same as a job. */
  private record Span(String id, Instant from, Instant to) {}

  private Twins(Evidence evidence, Findings findings) {
    this.evidence = evidence;
    this.findings = findings;
  }

  static void check(Evidence evidence, Findings findings) {
    Twins twins = new Twins(evidence, findings);
    evidence.lives().keySet().forEach(twins::gather);
    twins.byKey.values().forEach(twins::apart);
    evidence.lives().keySet().forEach(twins::refused);
  }

  private static Optional<String> key(JobState state) {
    return state.request().uniqueKey().map(key -> state.request().type() + "/" + key);
  }

  private Optional<Uniqueness> uniqueness(JobState state) {
    return evidence.catalog().type(state.request().type()).map(JobType::uniqueness);
  }

  private void gather(String id) {
    List<JobState> life = evidence.life(id);
    if (life.isEmpty() || life.getFirst().status() == Status.REFUSED) {
      return;
    }
    JobState first = life.getFirst();
    Optional<String> key = key(first);
    Optional<Uniqueness> unique = uniqueness(first);
    if (key.isEmpty() || unique.isEmpty()) {
      return;
    }
    Duration least = unique.get().within().orElse(Duration.ZERO);
    List<Span> spans = byKey.computeIfAbsent(key.get(), _ -> new ArrayList<>());
    Instant since = null;
    for (JobState state : life) {
      if (state.status().ended() && since != null) {
        spans.add(new Span(id, since, later(state.since(), since.plus(least))));
        since = null;
      } else if (!state.status().ended() && since == null) {
        since = state.since();
      }
    }
    if (since != null) {
      spans.add(new Span(id, since, later(evidence.end(), since.plus(least))));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void apart(List<Span> spans) {
    spans.sort(Comparator.comparing(Span::from));
    Span latest = null;
    for (Span span : spans) {
      if (latest != null && !latest.id().equals(span.id()) && span.from().isBefore(latest.to())) {
        findings.add(
            Kind.TWIN,
            "it lives at the same time as its twin\n    %s\n    %s"
                .formatted(evidence.story(latest.id()), evidence.story(span.id())));
      }
      latest = longer(latest, span);
    }
  }

  private static Span longer(@Nullable Span one, Span other) {
    return one != null && one.to().isAfter(other.to()) ? one : other;
  }

  /** Nobody is refused without the one that counts as the same. */
  private void refused(String id) {
    List<JobState> life = evidence.life(id);
    if (life.isEmpty() || life.getFirst().status() != Status.REFUSED) {
      return;
    }
    JobState state = life.getFirst();
    boolean same =
        key(state).map(key -> byKey.getOrDefault(key, List.of())).orElse(List.of()).stream()
            .anyMatch(
                span ->
                    state.sameAs().equals(Optional.of(span.id()))
                        && !span.from().isAfter(state.since())
                        && !span.to().isBefore(state.since()));
    if (!same) {
      findings.add(
          Kind.LOST,
          "it is refused as the same as one that is not there: %s\n    %s"
              .formatted(evidence.story(id), state.sameAs().map(evidence::story).orElse("")));
    }
  }
}
