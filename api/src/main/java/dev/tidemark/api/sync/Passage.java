package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SubmittedBatch.Accepted;
import dev.tidemark.contract.sync.SubmittedBatch.Invalid;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes operations through: whoever waits for them is known before they go, those that the ledger
 * has are answered from there, the others are handed over and waited for.
 */
@Singleton
final class Passage {
  private static final Duration SECOND_GLANCE = Duration.ofSeconds(1);

  private final Waiters waiters;
  private final Ledger ledger;
  private final OperationSink sink;
  private final RecentBatches recent;
  private final SyncMeters meters;

  Passage(
      Waiters waiters, Ledger ledger, OperationSink sink, RecentBatches recent, SyncMeters meters) {
    this.waiters = waiters;
    this.ledger = ledger;
    this.sink = sink;
    this.recent = recent;
    this.meters = meters;
  }

  /**
   * Takes the operations of one batch through; a place for each comes back, in order.
   *
   * @param batch what came, without its operations
   * @param submissions the operations that are in order; one that comes twice is handed over once
   * @throws AwayException if the operations cannot be handed over; nothing is lost by trying again
   */
  List<Place> take(SubmittedBatch batch, List<Submission> submissions, Duration wait) {
    Map<String, Submission> byId = new LinkedHashMap<>();
    submissions.forEach(one -> byId.putIfAbsent(one.operation().id(), one));
    try (Waiters.Waiting waiting = waiters.waitFor(byId.keySet())) {
      Set<String> told = new HashSet<>();
      ledger
          .glance(byId.keySet())
          .forEach(
              (id, entry) -> {
                told.add(id);
                waiting.take(entry.outcome());
              });
      Set<String> before = Set.copyOf(told);
      hand(batch, submissions, byId, waiting, told);
      await(waiting, told, wait);
      return places(batch, submissions, waiting, told, before);
    }
  }

  private void hand(
      SubmittedBatch batch,
      List<Submission> submissions,
      Map<String, Submission> byId,
      Waiters.Waiting waiting,
      Set<String> told) {
    List<Accepted> accepted = new ArrayList<>();
    List<Invalid> invalid = new ArrayList<>(batch.errors());
    for (Submission submission : submissions) {
      int index = submission.index();
      String id = submission.operation().id();
      if (waiting.outcome(id).filter(outcome -> !isOf(submission, outcome)).isPresent()) {
        invalid.add(
            new Invalid(index, OperationProblem.keyReused(index, submission.idempotencyKey())));
      } else {
        accepted.add(new Accepted(index, id));
      }
    }
    invalid.sort(Comparator.comparingInt(Invalid::index));
    SubmittedBatch whole =
        new SubmittedBatch(
            batch.device(),
            batch.id(),
            batch.received(),
            batch.sent(),
            batch.ahead(),
            batch.request(),
            accepted,
            RecordedErrors.of(invalid));
    List<Submission> fresh =
        byId.values().stream().filter(one -> !told.contains(one.operation().id())).toList();
    if (fresh.isEmpty()) {
      sink.tell(whole);
    } else {
      sink.hand(whole, fresh);
    }
    recent.put(whole);
  }

  /** Outcomes are heard, or else found: another node may have been told of them in our place. */
  private void await(Waiters.Waiting waiting, Set<String> told, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    try {
      while (true) {
        long left = end - System.nanoTime();
        if (waiting.await(Math.max(0, Math.min(left, SECOND_GLANCE.toNanos())))) {
          return;
        }
        ledger
            .glance(waiting.stillMissing())
            .forEach(
                (id, entry) -> {
                  told.add(id);
                  waiting.take(entry.outcome());
                });
        if (System.nanoTime() - end >= 0) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Place> places(
      SubmittedBatch batch,
      List<Submission> submissions,
      Waiters.Waiting waiting,
      Set<String> told,
      Set<String> before) {
    Map<Integer, ObjectNode> failed = new HashMap<>();
    batch.errors().forEach(invalid -> failed.put(invalid.index(), invalid.problem()));
    List<Place> places = new ArrayList<>();
    failed.forEach((index, problem) -> places.add(new Place.Failed(index, problem)));
    for (Submission submission : submissions) {
      int index = submission.index();
      String id = submission.operation().id();
      waiting
          .outcome(id)
          .ifPresentOrElse(
              outcome -> {
                if (isOf(submission, outcome)) {
                  boolean heard = !told.contains(id);
                  places.add(new Place.Through(index, outcome, heard, before.contains(id)));
                  if (heard) {
                    meters.through(submission, outcome);
                  }
                } else {
                  places.add(
                      new Place.Failed(
                          index, OperationProblem.keyReused(index, submission.idempotencyKey())));
                }
              },
              () -> places.add(new Place.Pending(index)));
    }
    places.sort(Comparator.comparingInt(Place::index));
    return places;
  }

  private static boolean isOf(Submission submission, Outcome outcome) {
    return outcome.hash().equals(submission.hash());
  }
}
