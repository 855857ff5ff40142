package dev.tidemark.api.interop;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.sync.OutcomeJson;
import dev.tidemark.api.sync.Place;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.sync.Result;

/** What became of a pushed row. */
record Settled(Pushed pushed, Place place) {
  Settled {
    requireNonNull(pushed, "pushed is null");
    requireNonNull(place, "place is null");
  }

  boolean isPending() {
    return place instanceof Place.Pending;
  }

  /** Whether it was refused, rejected or could not be read. */
  boolean isError() {
    return switch (place) {
      case Place.Failed _ -> true;
      case Place.Pending _ -> false;
      case Place.Through(_, var outcome, _, _) ->
          outcome.result() == Result.REFUSED || outcome.result() == Result.REJECTED;
    };
  }

  /** The row, by the name that the core has for it. */
  EntityKey key() {
    return place instanceof Place.Through(_, var outcome, _, _)
        ? outcome.key()
        : new EntityKey(pushed.type(), pushed.idText());
  }

  /** As an answer to a batch has it. */
  ObjectNode outcome() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (place) {
      case Place.Failed(_, ObjectNode problem) -> {
        json.setAll(problem);
        json.put("outcome", "error");
      }
      case Place.Pending _ -> json.put("outcome", "pending");
      case Place.Through(_, var outcome, _, boolean again) -> {
        json.setAll(OutcomeJson.of(outcome));
        if (again) {
          json.put("duplicate", true);
        }
      }
    }
    json.remove("index");
    json.remove("batch_id");
    return json.put("id", pushed.idText());
  }
}
