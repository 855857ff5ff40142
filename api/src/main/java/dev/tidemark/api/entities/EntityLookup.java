package dev.tidemark.api.entities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.request.RequestId;
import dev.tidemark.api.security.Caller;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells other parts of the api what an entity is now, whichever node knows. */
@Singleton
public final class EntityLookup {
  private static final Logger LOG = LoggerFactory.getLogger(EntityLookup.class);

  private final EntityQuery query;

  EntityLookup(EntityQuery query) {
    this.query = query;
  }

  /** What was found. */
  public sealed interface Found {}

  /**
   * The entity as it is.
   *
   * @param operation the operation that made it so, if one did
   */
  public record Now(
      Version version, ObjectNode row, Instant committedAt, Optional<String> operation)
      implements Found {}

  /** None that the caller may see. Certain. */
  public record Nothing() implements Found {}

  /** It cannot be said right now. */
  public record Unknown() implements Found {}

  /**
   * Asks for a caller. May block.
   *
   * @param authorization the caller's header: another node checks it again
   */
  public Found find(
      EntityType type, EntityKey key, Caller caller, String authorization, RequestId request) {
    EntityQuestion question =
        new EntityQuestion(
            new EntityAddress(type, key),
            caller,
            authorization,
            Optional.empty(),
            true,
            request,
            false);
    return switch (query.ask(question)) {
      case EntityAnswer.Present(var state) -> {
        Origin origin = state.lastChange().origin();
        yield new Now(
            state.version(),
            state.row(),
            state.lastChange().committedAt(),
            Optional.ofNullable(origin).map(Origin::operation));
      }
      case EntityAnswer.Relayed relayed -> read(relayed.body());
      case EntityAnswer.Absent() -> new Nothing();
      case EntityAnswer.Unavailable _ -> new Unknown();
    };
  }

  private static Found read(byte[] body) {
    try {
      JsonNode json = WireSerdes.exactJson().readTree(body);
      return new Now(
          Version.parse(json.path("version").asText()),
          (ObjectNode) json.required("fields"),
          Instant.parse(json.path("committed_at").asText()),
          Optional.ofNullable(json.path("origin").path("operation").textValue()));
    } catch (IOException | IllegalArgumentException | DateTimeException | ClassCastException e) {
      LOG.warn("Another node's answer cannot be read", e);
      return new Unknown();
    }
  }
}
