package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.sync.DeviceClock;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SubmittedBatch.Invalid;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a batch from its arrival to its answer, and finds the answer again later. */
@Singleton
public final class Batches {
  private static final Logger LOG = LoggerFactory.getLogger(Batches.class);

  private final Catalog catalog;
  private final OperationReader reader;
  private final Passage passage;
  private final Ledger ledger;
  private final RecentBatches recent;
  private final CurrentRows rows;
  private final SyncMeters meters;
  private final InstantSource clock;

  Batches(
      Catalog catalog,
      OperationReader reader,
      Passage passage,
      Ledger ledger,
      RecentBatches recent,
      CurrentRows rows,
      SyncMeters meters,
      InstantSource clock) {
    this.catalog = catalog;
    this.reader = reader;
    this.passage = passage;
    this.ledger = ledger;
    this.recent = recent;
    this.rows = rows;
    this.meters = meters;
    this.clock = clock;
  }

  Answer accept(BatchRequest request, Visit visit) {
    long started = System.nanoTime();
    List<Place> places = take(request, visit);
    Answer answer = answer(request.id(), request.device(), places, visit);
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    meters.answered(answer.settled(), took);
    log(request, answer, took, visit);
    return answer;
  }

  /**
   * Takes a batch through; a place for each of its operations comes back, in order.
   *
   * @throws dev.tidemark.api.problem.AwayException if they cannot be handed over; nothing is lost
   *     by trying again
   */
  public List<Place> take(BatchRequest request, Visit visit) {
    DeviceClock device =
        DeviceClock.of(request.sent(), clock.instant().truncatedTo(ChronoUnit.MICROS));
    List<Invalid> invalid = new ArrayList<>();
    List<Draft> drafts = drafts(request, device, invalid);
    SubmittedBatch batch =
        new SubmittedBatch(
            request.device(),
            request.id(),
            device.received(),
            request.sent(),
            device.ahead(),
            visit.request().text(),
            List.of(),
            invalid);
    return passage.take(batch, submissions(drafts, batch, visit), visit.patience());
  }

  /** What is known of a batch by now. */
  Optional<Answer> find(String device, String id, Visit visit) {
    Optional<SubmittedBatch> batch = ledger.batch(device, id).or(() -> recent.of(device, id));
    return batch.map(found -> answer(id, device, places(found), visit));
  }

  Answer answer(String batch, String device, List<Place> places, Visit visit) {
    boolean settled = places.stream().noneMatch(Place.Pending.class::isInstance);
    return new Answer(
        batch,
        settled,
        AnswerJson.batch(batch, device, rows.addTo(places, visit), clock.instant()));
  }

  private List<Place> places(SubmittedBatch batch) {
    Map<String, LedgerEntry> found =
        ledger.find(batch.operations().stream().map(SubmittedBatch.Accepted::operation).toList());
    List<Place> places = new ArrayList<>();
    batch.errors().forEach(one -> places.add(new Place.Failed(one.index(), one.problem())));
    for (SubmittedBatch.Accepted accepted : batch.operations()) {
      LedgerEntry entry = found.get(accepted.operation());
      places.add(
          entry == null
              ? new Place.Pending(accepted.index())
              : new Place.Through(accepted.index(), entry.outcome(), false, false));
    }
    places.sort(Comparator.comparingInt(Place::index));
    return places;
  }

  private List<Draft> drafts(BatchRequest request, DeviceClock device, List<Invalid> invalid) {
    List<Draft> drafts = new ArrayList<>();
    Map<String, String> hashes = new HashMap<>();
    int index = 0;
    for (JsonNode json : request.operations()) {
      switch (reader.read(request.device(), device, index, json)) {
        case OperationReading.Invalid(Problem problem) ->
            invalid.add(
                new Invalid(
                    index, OperationProblem.json(index, OperationFields.keyOf(json), problem)));
        case OperationReading.Valid(Draft read) -> {
          Draft draft = request.keysAreContents() ? read.withKeyAsContent() : read;
          String before = hashes.putIfAbsent(draft.id(), draft.hash());
          if (before == null || before.equals(draft.hash())) {
            drafts.add(draft);
          } else {
            invalid.add(
                new Invalid(index, OperationProblem.keyReused(index, draft.idempotencyKey())));
          }
        }
      }
      index++;
    }
    return drafts;
  }

  private List<Submission> submissions(List<Draft> drafts, SubmittedBatch batch, Visit visit) {
    Set<EntityKey> created = new HashSet<>();
    for (Draft draft : drafts) {
      if (draft.operation().kind() == OperationKind.CREATE) {
        created.add(draft.operation().key());
      }
    }
    return drafts.stream()
        .map(
            draft ->
                new Submission(
                    draft.operation(),
                    draft.idempotencyKey(),
                    draft.hash(),
                    batch.id(),
                    draft.index(),
                    batch.received(),
                    visit.caller().writes(),
                    parents(draft, created),
                    draft.baseData(),
                    null,
                    null,
                    batch.request()))
        .toList();
  }

  /** Rows that this one names and that the same batch makes: they have to be there first. */
  private List<EntityKey> parents(Draft draft, Set<EntityKey> created) {
    List<EntityKey> parents = new ArrayList<>();
    for (Reference reference : draft.type().references()) {
      JsonNode value = draft.operation().data().get(reference.column());
      Optional<EntityType> type = catalog.type(reference.type());
      if (value != null && type.isPresent() && type.get().key().size() == 1) {
        new EntityIds(type.get(), reader.columns(type.get()))
            .textOf(type.get().key().getFirst(), value)
            .map(text -> EntityKey.of(reference.type(), List.of(text)))
            .filter(created::contains)
            .filter(parent -> !parent.equals(draft.operation().key()))
            .ifPresent(parents::add);
      }
    }
    return parents;
  }

  private static void log(BatchRequest batch, Answer answer, Duration took, Visit visit) {
    LOG.atInfo()
        .addKeyValue("device", batch.device())
        .addKeyValue("batch", batch.id())
        .addKeyValue("successes", answer.json().path("successes").size())
        .addKeyValue("conflicts", answer.json().path("conflicts").size())
        .addKeyValue("errors", answer.json().path("errors").size())
        .addKeyValue("pending", answer.json().path("pending").size())
        .addKeyValue("millis", took.toNanos() / 1_000_000.0)
        .addKeyValue("request", visit.request().text())
        .log("Batch {} of {} answered", batch.id(), batch.device());
  }
}
