package dev.tidemark.bench.decide;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.core.Known;
import dev.tidemark.pipeline.resolution.core.Policy;
import dev.tidemark.pipeline.resolution.core.Question;
import dev.tidemark.pipeline.resolution.core.Stamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Questions about a row of twenty fields of all kinds. */
final class Questions {
  private static final Version SEEN = new Version(1, 10);
  private static final Version LATER = new Version(1, 20);
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Policy POLICY =
      new Policy(
          "p1",
          List.of("id"),
          Map.of(
              "visits", new FieldMerge(MergePolicy.COUNTER, null),
              "best", new FieldMerge(MergePolicy.MAX, null),
              "tags", new FieldMerge(MergePolicy.UNION, null),
              "supplies", new FieldMerge(MergePolicy.KEYED_LIST, "sku")));

  /** As the device had seen it. */
  private static final String BASE =
      """
      {"id": 17, "owner": 4, "title": "North gate", "status": "OPEN", "note": "as usual",
       "visits": 12, "best": 31, "tags": ["a", "b", "c"],
       "supplies": [{"sku": "s1", "n": 1}, {"sku": "s2", "n": 2}],
       "settings": {"colour": "red", "limits": {"low": 1, "high": 9}},
       "price": "10.50", "starts": "2026-03-01T08:00:00Z", "ends": "2026-03-01T09:00:00Z",
       "active": true, "floor": 3, "room": "12b", "phone": "+49 30 1234", "mail": "a@example.org",
       "rank": 5, "comment": null}
      """;

  /** As it is now: somebody else changed ten fields. */
  private static final String SERVER =
      """
      {"id": 17, "owner": 4, "title": "North gate", "status": "DONE", "note": "as ever",
       "visits": 14, "best": 29, "tags": ["a", "b", "d"],
       "supplies": [{"sku": "s1", "n": 3}, {"sku": "s2", "n": 2}, {"sku": "s3", "n": 1}],
       "settings": {"colour": "red", "limits": {"low": 2, "high": 9}},
       "price": "10.50", "starts": "2026-03-01T08:00:00Z", "ends": "2026-03-01T09:30:00Z",
       "active": true, "floor": 3, "room": "12c", "phone": "+49 30 1234", "mail": "a@example.org",
       "rank": 6, "comment": null}
      """;

  /** As the device wants it: all twenty, with changes of its own to most. */
  private static final String CLIENT =
      """
      {"id": 17, "owner": 4, "title": "North gate 2", "status": "CANCELLED", "note": "as never",
       "visits": 13, "best": 33, "tags": ["a", "c", "e"],
       "supplies": [{"sku": "s1", "n": 1}, {"sku": "s2", "n": 5}, {"sku": "s4", "n": 1}],
       "settings": {"colour": "blue", "limits": {"low": 1, "high": 8}},
       "price": "11.00", "starts": "2026-03-01T08:15:00Z", "ends": "2026-03-01T09:15:00Z",
       "active": false, "floor": 4, "room": "12d", "phone": "+49 30 4321", "mail": "b@example.org",
       "rank": 7, "comment": "seen"}
      """;

  private Questions() {}

  /** Twenty fields, ten of them contested, each merged by its policy. */
  static Question merge() {
    return question(CLIENT, changed());
  }

  /** Three fields that nobody else has touched. */
  static Question plain() {
    return question(
        """
        {"title": "North gate 2", "active": false, "comment": "seen"}
        """,
        changed());
  }

  private static Map<String, Stamp> changed() {
    ObjectNode before = json(BASE);
    ObjectNode after = json(SERVER);
    Map<String, Stamp> stamps = new HashMap<>();
    before
        .fieldNames()
        .forEachRemaining(
            field -> {
              boolean same = before.path(field).equals(after.path(field));
              stamps.put(
                  field,
                  new Stamp(
                      same ? SEEN : LATER, same ? null : "tablet", OptionalLong.empty(), null));
            });
    return stamps;
  }

  private static Question question(String data, Map<String, Stamp> stamps) {
    return new Question(
        new SyncOperation(
            "operation",
            "phone",
            new EntityKey("visit", "17"),
            OperationKind.UPDATE,
            json(data),
            SEEN,
            NOON,
            NOON,
            Strategy.MERGE,
            OptionalLong.empty()),
        new Known.Live(
            json(SERVER),
            new Stamp(LATER, "tablet", OptionalLong.empty(), null),
            NOON.plusSeconds(1),
            stamps),
        null,
        json(BASE),
        POLICY,
        _ -> true,
        false);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) WireSerdes.exactJson().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
