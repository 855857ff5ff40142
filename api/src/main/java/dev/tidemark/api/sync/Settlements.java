package dev.tidemark.api.sync;

import static dev.tidemark.api.problem.ProblemType.INVALID_OPERATION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.entities.EntityLookup;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.SyncOperation;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Operations that follow from others: a person settles a conflict, or takes something back. */
@Singleton
final class Settlements {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
  private static final Set<String> MEMBERS = Set.of("resolution", "data");

  private final Catalog catalog;
  private final OperationReader reader;
  private final SyncSettings settings;
  private final EntityLookup entities;
  private final Ledger ledger;
  private final Passage passage;
  private final Batches batches;
  private final InstantSource clock;

  Settlements(
      Catalog catalog,
      OperationReader reader,
      SyncSettings settings,
      EntityLookup entities,
      Ledger ledger,
      Passage passage,
      Batches batches,
      InstantSource clock) {
    this.catalog = catalog;
    this.reader = reader;
    this.settings = settings;
    this.entities = entities;
    this.ledger = ledger;
    this.passage = passage;
    this.batches = batches;
    this.clock = clock;
  }

  /** An operation that the caller may know of; a foreign one is as good as none. */
  LedgerEntry entry(String id, Caller caller) {
    return Optional.of(id)
        .filter(text -> ID.matcher(text).matches())
        .map(text -> ledger.find(List.of(text)).get(text))
        .filter(
            entry ->
                caller.seesEverything()
                    || caller
                        .device()
                        .filter(entry.submission().operation().device()::equals)
                        .isPresent())
        .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.UNKNOWN_OPERATION)));
  }

  /** An operation that the caller may follow up. */
  private LedgerEntry ownEntry(String id, Caller caller) {
    LedgerEntry entry = entry(id, caller);
    if (!caller.operates() && !actor(caller).equals(entry.submission().operation().device())) {
      throw new ProblemException(Problem.of(ProblemType.UNKNOWN_OPERATION));
    }
    return entry;
  }

  Answer resolve(String id, ObjectNode body, Optional<String> key, Visit visit) {
    LedgerEntry entry = ownEntry(id, visit.caller());
    if (!Reversal.isOpen(entry)) {
      throw new ProblemException(
          Problem.of(ProblemType.UNKNOWN_OPERATION, "That operation is no open conflict."));
    }
    Deed deed = deed(entry, body, visit);
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("resolves", id);
    content.set("resolution", body);
    String own = key(key, content);
    String operation = OperationIds.id(actor(visit.caller()), own);
    ledger
        .resolutionOf(id)
        .filter(other -> !other.equals(operation))
        .ifPresent(
            other -> {
              throw new ProblemException(
                  Problem.of(ProblemType.CONFLICT_ALREADY_RESOLVED).with("operation", other));
            });
    return take(entry, deed, own, OperationIds.hash(content), true, visit);
  }

  Answer undo(String id, Optional<String> key, Visit visit) {
    LedgerEntry entry = ownEntry(id, visit.caller());
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.put("undoes", id);
    String own = key(key, content);
    String operation = OperationIds.id(actor(visit.caller()), own);
    ledger
        .reversalOf(id)
        .filter(other -> !other.equals(operation))
        .ifPresent(
            other -> {
              throw new ProblemException(
                  Problem.of(ProblemType.CANNOT_BE_UNDONE, "It has been taken back already.")
                      .with("operation", other));
            });
    return switch (Reversal.of(entry, merge(entry))) {
      case Reversal.Impossible(String why) ->
          throw new ProblemException(Problem.of(ProblemType.CANNOT_BE_UNDONE, why));
      case Reversal.Possible(Deed deed) ->
          take(entry, deed, own, OperationIds.hash(content), false, visit);
    };
  }

  private Map<String, FieldMerge> merge(LedgerEntry entry) {
    return catalog
        .type(entry.submission().operation().key().type())
        .map(EntityType::merge)
        .orElse(Map.of());
  }

  /** Under which name a caller acts. */
  static String actor(Caller caller) {
    return caller.operates()
        ? BatchReader.OPERATOR + caller.subject()
        : caller
            .device()
            .orElseThrow(() -> new ProblemException(Problem.of(ProblemType.FORBIDDEN)));
  }

  private Answer take(
      LedgerEntry entry, Deed deed, String key, String hash, boolean resolves, Visit visit) {
    String actor = actor(visit.caller());
    String id = OperationIds.id(actor, key);
    String original = entry.submission().operation().id();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Submission submission =
        new Submission(
            new SyncOperation(
                id,
                actor,
                entry.submission().operation().key(),
                deed.kind(),
                deed.data(),
                deed.base(),
                now,
                now,
                deed.strategy(),
                OptionalLong.empty()),
            key,
            hash,
            id,
            0,
            now,
            visit.caller().writes(),
            List.of(),
            deed.baseData(),
            resolves ? original : null,
            resolves ? null : original,
            visit.request().text());
    SubmittedBatch batch =
        new SubmittedBatch(
            actor, id, now, null, Duration.ZERO, visit.request().text(), List.of(), List.of());
    List<Place> places = passage.take(batch, List.of(submission), visit.patience());
    return batches.answer(id, actor, places, visit);
  }

  private Deed deed(LedgerEntry entry, ObjectNode body, Visit visit) {
    Faults faults = new Faults();
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        faults.add(
            INVALID_OPERATION,
            JsonPlace.in("", member.getKey()),
            "A resolution has no '" + JsonPlace.shown(member.getKey()) + "'.");
      }
    }
    String resolution = body.path("resolution").isTextual() ? body.path("resolution").asText() : "";
    ObjectNode data = data(entry, body, faults);
    if (resolution.equals("merge") ? data == null : data != null) {
      faults.add(INVALID_OPERATION, "/data", "'data' goes with merge, and with nothing else.");
    }
    SyncOperation operation = entry.submission().operation();
    Deed deed =
        switch (resolution) {
          case "client" -> Deed.of(operation.kind(), operation.data());
          // Nothing is set, and a row that is gone stays gone.
          case "server" ->
              Deed.of(OperationKind.UPDATE, operation.data().objectNode(), Strategy.SERVER_WINS);
          default -> Deed.of(OperationKind.UPDATE, data == null ? body.objectNode() : data);
        };
    if (!Set.of("client", "server", "merge").contains(resolution)) {
      faults.add(INVALID_OPERATION, "/resolution", "'resolution' is one of client, server, merge.");
    }
    faults
        .problem()
        .ifPresent(
            problem -> {
              throw new ProblemException(problem);
            });
    return resolution.equals("merge") && mustCreate(entry, visit)
        ? Deed.of(OperationKind.CREATE, withKey(entry, deed.data()))
        : deed;
  }

  private @Nullable ObjectNode data(LedgerEntry entry, ObjectNode body, Faults faults) {
    DataChecks checks = new DataChecks(settings, faults);
    checks.storable(body, "");
    ObjectNode data = checks.object(body.get("data"), "/data");
    Optional<EntityType> type = catalog.type(entry.submission().operation().key().type());
    if (data == null || type.isEmpty()) {
      return data;
    }
    Map<String, String> columns = reader.columns(type.get());
    checks.columns(type.get(), columns, data, "/data");
    EntityIds ids = new EntityIds(type.get(), columns);
    if (ids.read(data.textNode(entry.submission().operation().key().id()))
        instanceof EntityIds.Parts parts) {
      checks.key(type.get(), ids, parts, data, "/data");
    }
    return data.deepCopy().without(type.get().key());
  }

  /** A create that met another one, whose row is gone meanwhile. */
  private boolean mustCreate(LedgerEntry entry, Visit visit) {
    SyncOperation operation = entry.submission().operation();
    Optional<EntityType> type = catalog.type(operation.key().type());
    return operation.kind() == OperationKind.CREATE
        && type.isPresent()
        && entities.find(
                type.get(), operation.key(), visit.caller(), visit.authorization(), visit.request())
            instanceof EntityLookup.Nothing;
  }

  private ObjectNode withKey(LedgerEntry entry, ObjectNode data) {
    SyncOperation operation = entry.submission().operation();
    ObjectNode row = data.deepCopy();
    for (String column : catalog.type(operation.key().type()).orElseThrow().key()) {
      JsonNode value = operation.data().get(column);
      if (value != null) {
        row.set(column, value);
      }
    }
    return row;
  }

  private static String key(Optional<String> header, ObjectNode content) {
    String key = header.orElseGet(() -> "follows-" + OperationIds.hash(content));
    if (!OperationFields.KEY.matcher(key).matches()) {
      throw new ProblemException(
          Problem.invalid(
              "/header/Idempotency-Key", "A key is 1 to 128 printable characters of ASCII."));
    }
    return key;
  }
}
