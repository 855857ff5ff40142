package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Rule;
import dev.tidemark.pipeline.resolution.core.FieldDecision.Winner;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one value of the device's and the server's, by what both were before. */
final class ThreeWay {
  // Whether the device's value was written later, where nothing else decides.
  private final boolean clientLater;

  ThreeWay(boolean clientLater) {
    this.clientLater = clientLater;
  }

  /**
   * Merges a field that both have changed.
   *
   * @param policy what the catalog says; null if it says nothing, and the value's shape decides
   * @param base null if not known
   */
  Merged field(
      @Nullable FieldMerge policy, @Nullable JsonNode base, JsonNode client, JsonNode server) {
    if (policy == null) {
      return byShape(base, client, server);
    }
    return switch (policy.policy()) {
      case LATEST -> later(client, server);
      case SERVER -> new Merged(server, Winner.SERVER, Rule.POLICY);
      case CLIENT -> new Merged(client, Winner.CLIENT, Rule.POLICY);
      case COUNTER -> counter(base, client, server);
      case MAX -> extreme(client, server, 1);
      case MIN -> extreme(client, server, -1);
      case UNION -> union(base, client, server);
      case KEYED_LIST -> keyedList(String.valueOf(policy.elementKey()), base, client, server);
    };
  }

  /** Objects field by field, arrays as sets, anything else by time. */
  private Merged byShape(@Nullable JsonNode base, JsonNode client, JsonNode server) {
    if (client.isObject() && server.isObject()) {
      return Merged.of(object(base, client, server), client, server, Rule.POLICY);
    }
    if (client.isArray() && server.isArray()) {
      return union(base, client, server);
    }
    return later(client, server);
  }

  private Merged later(JsonNode client, JsonNode server) {
    return clientLater
        ? new Merged(client, Winner.CLIENT, Rule.LATER)
        : new Merged(server, Winner.SERVER, Rule.LATER);
  }

  private Merged counter(@Nullable JsonNode base, JsonNode client, JsonNode server) {
    if (base == null) {
      return new Merged(server, Winner.SERVER, Rule.BASE_UNKNOWN);
    }
    BigDecimal before = Values.amount(base);
    BigDecimal wanted = Values.amount(client);
    BigDecimal now = Values.amount(server);
    if (before == null || wanted == null || now == null) {
      return new Merged(server, Winner.SERVER, Rule.BASE_UNKNOWN);
    }
    BigDecimal sum = now.add(wanted).subtract(before);
    JsonNode value =
        server.isTextual() ? TextNode.valueOf(sum.toPlainString()) : Values.number(sum);
    return Merged.of(value, client, server, Rule.POLICY);
  }

  private Merged extreme(JsonNode client, JsonNode server, int sign) {
    if (client.isNull() || server.isNull()) {
      return Merged.of(client.isNull() ? server : client, client, server, Rule.POLICY);
    }
    OptionalInt order = Values.compare(client, server);
    if (order.isEmpty()) {
      return later(client, server);
    }
    JsonNode value = order.getAsInt() * sign > 0 ? client : server;
    return Merged.of(value, client, server, Rule.POLICY);
  }

  /** What the server has, without what the device took out, and with what it put in. */
  private Merged union(@Nullable JsonNode base, JsonNode client, JsonNode server) {
    if (!lists(client) || !lists(server)) {
      return later(client, server);
    }
    JsonNode before = base == null ? JsonNodeFactory.instance.arrayNode() : base;
    ArrayNode merged = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : server) {
      boolean takenOut = Values.contains(before, element) && !Values.contains(client, element);
      if (!takenOut && !Values.contains(merged, element)) {
        merged.add(element);
      }
    }
    for (JsonNode element : client) {
      if (!Values.contains(before, element) && !Values.contains(merged, element)) {
        merged.add(element);
      }
    }
    return Merged.of(merged, client, server, Rule.POLICY);
  }

  private static boolean lists(JsonNode value) {
    return value.isArray() || value.isNull();
  }

  private Merged keyedList(String key, @Nullable JsonNode base, JsonNode client, JsonNode server) {
    Map<JsonNode, JsonNode> ours = byKey(key, client);
    Map<JsonNode, JsonNode> theirs = byKey(key, server);
    if (!keyed(client, ours) || !keyed(server, theirs)) {
      return later(client, server);
    }
    Map<JsonNode, JsonNode> before = base == null ? Map.of() : byKey(key, base);
    Set<JsonNode> keys = new LinkedHashSet<>(theirs.keySet());
    keys.addAll(ours.keySet());
    ArrayNode merged = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : keys) {
      JsonNode element = element(base != null, before.get(each), ours.get(each), theirs.get(each));
      if (element != null) {
        merged.add(element);
      }
    }
    return Merged.of(merged, client, server, Rule.POLICY);
  }

  /** Null if it is in the list no more. */
  private @Nullable JsonNode element(
      boolean baseKnown,
      @Nullable JsonNode before,
      @Nullable JsonNode client,
      @Nullable JsonNode server) {
    if (client == null || server == null) {
      JsonNode left = client == null ? server : client;
      // Whoever changed what the other took out keeps it: an edit is not lost to a deletion.
      boolean takenOut = baseKnown && before != null && left != null && Values.same(before, left);
      return takenOut ? null : left;
    }
    return both(before, client, server);
  }

  private ObjectNode object(@Nullable JsonNode base, JsonNode client, JsonNode server) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    Set<String> names = new LinkedHashSet<>();
    server.fieldNames().forEachRemaining(names::add);
    client.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode element =
          element(
              base != null,
              base == null ? null : base.get(name),
              client.get(name),
              server.get(name));
      if (element != null) {
        merged.set(name, element);
      }
    }
    return merged;
  }

  private JsonNode both(@Nullable JsonNode before, JsonNode client, JsonNode server) {
    if (Values.same(client, server)) {
      return server;
    }
    if (before != null && Values.same(before, client)) {
      return server;
    }
    if (before != null && Values.same(before, server)) {
      return client;
    }
    return byShape(before, client, server).value();
  }

  private static Map<JsonNode, JsonNode> byKey(String key, JsonNode list) {
    Map<JsonNode, JsonNode> elements = new LinkedHashMap<>();
    for (JsonNode element : list) {
      JsonNode name = element.get(key);
      if (name != null && !name.isNull()) {
        elements.put(canonical(name), element);
      }
    }
    return elements;
  }

  private static JsonNode canonical(JsonNode name) {
    return name.isNumber() ? DecimalNode.valueOf(name.decimalValue().stripTrailingZeros()) : name;
  }

  /** Each element has a key of its own. */
  private static boolean keyed(JsonNode list, Map<JsonNode, JsonNode> elements) {
    return lists(list) && list.size() == elements.size();
  }
}
