package dev.tidemark.api.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.contract.catalog.Catalog;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What somebody wants to hear.
 *
 * @param cursor where to go on; empty for a first sync
 * @param types the entity types; empty means all
 * @param typesNamed whether the types were named at all
 * @param changes whether changes are wanted
 * @param outcomes whether the outcomes of the device's own operations are wanted
 */
public record Subscription(
    Optional<String> cursor,
    SortedSet<String> types,
    boolean typesNamed,
    boolean changes,
    boolean outcomes) {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> MEMBERS = Set.of("type", "cursor", "types", "channels");

  /** A message that says nothing but that the other side is there. */
  private static final String HEARTBEAT = "heartbeat";

  /** The changes of one type, and nothing else. */
  public static Subscription changesOf(String type) {
    return new Subscription(Optional.empty(), new TreeSet<>(Set.of(type)), true, true, false);
  }

  /**
   * Reads a message.
   *
   * @return empty if it is a heartbeat
   * @throws ProblemException if it is neither
   */
  static Optional<Subscription> read(String message, Catalog catalog) {
    JsonNode json;
    try {
      json = JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw problem("", "A message is one JSON object.");
    }
    if (!(json instanceof ObjectNode object)) {
      throw problem("", "A message is one JSON object.");
    }
    String type = object.path("type").asText("");
    if (type.equals(HEARTBEAT)) {
      return Optional.empty();
    }
    if (!type.equals("subscribe")) {
      throw problem("/type", "'type' is 'subscribe' or 'heartbeat'.");
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw problem("", "A subscription has 'cursor', 'types' and 'channels', and no more.");
      }
    }
    Optional<String> cursor = Optional.empty();
    if (object.hasNonNull("cursor")) {
      if (!object.get("cursor").isTextual() || object.get("cursor").textValue().isEmpty()) {
        throw problem("/cursor", "'cursor' is a cursor as it was given; absent for a first sync.");
      }
      cursor = Optional.of(object.get("cursor").textValue());
    }
    Set<String> channels = texts(object, "channels");
    if (!Set.of("changes", "outcomes").containsAll(channels)) {
      throw problem("/channels", "'channels' are among 'changes' and 'outcomes'.");
    }
    SortedSet<String> types = texts(object, "types");
    requireKnown(types, catalog, "/types");
    return Optional.of(
        new Subscription(
            cursor,
            types,
            object.hasNonNull("types"),
            channels.isEmpty() || channels.contains("changes"),
            channels.isEmpty() || channels.contains("outcomes")));
  }

  /** What the query of a request asks for. */
  static Subscription of(Optional<String> cursor, Optional<String> types, Catalog catalog) {
    SortedSet<String> named = new TreeSet<>();
    types.ifPresent(text -> named.addAll(Set.of(text.split(",", -1))));
    requireKnown(named, catalog, "/query/types");
    return new Subscription(cursor, named, types.isPresent(), true, true);
  }

  private static void requireKnown(SortedSet<String> types, Catalog catalog, String pointer) {
    if (types.stream().anyMatch(type -> catalog.type(type).isEmpty())) {
      throw problem(pointer, "'types' are entity types of the catalog; one of these is none.");
    }
  }

  private static SortedSet<String> texts(ObjectNode json, String member) {
    SortedSet<String> texts = new TreeSet<>();
    JsonNode value = json.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return texts;
    }
    if (!value.isArray()) {
      throw problem("/" + member, "'" + member + "' is an array of texts.");
    }
    for (JsonNode text : value) {
      if (!text.isTextual()) {
        throw problem("/" + member, "'" + member + "' is an array of texts.");
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  private static ProblemException problem(String pointer, String detail) {
    return new ProblemException(
        new Problem(
            ProblemType.INVALID_PARAMETER,
            detail,
            java.util.List.of(new Problem.Fault(pointer, detail)),
            Optional.empty()));
  }
}
