package dev.tidemark.standalone.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Turns what could be right into what somebody might send. */
final class Mutations {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "0",
          "-0",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "123456789012345678901234567890123456789012345678901234567890",
          "1.5",
          "0.1e1",
          "1e400",
          "-1e400",
          "1e999999999",
          "1e-999999999",
          "5e-324");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "null",
          "\u0000",
          "a\u0000b",
          "\ud800",
          "\udc00x",
          "\ufeff",
          "\uffff",
          "e\u0301",
          "\u202eabc",
          "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "activity\u0435",
          "'; drop table field.activities; --",
          "$1",
          "%s%n",
          "../../etc/passwd",
          "a,b",
          "%25",
          "%2C%2F",
          "\r\n*3\r\n$3\r\nSET",
          "{}",
          "infinity",
          "-infinity",
          "NaN",
          "1970-01-01T00:00:00Z",
          "9999-12-31T23:59:59Z",
          "+999999999-12-31T23:59:59.999999999Z",
          "0001-01-01",
          "294277-01-01",
          "2026-06-30T23:59:60Z",
          "00000000-0000-0000-0000-000000000000",
          "0001-FFFFFFFFFFFFFFFF",
          "0001-0000000000000000",
          "\\xDEADBEEF",
          "{1,2}",
          "[1,2)");

  private final RandomGenerator random;

  Mutations(RandomGenerator random) {
    this.random = random;
  }

  String text() {
    return switch (random.nextInt(12)) {
      case 0 -> "x".repeat(1 << random.nextInt(17));
      case 1 -> "\u00e9".repeat(1 + random.nextInt(600));
      default -> TEXTS.get(random.nextInt(TEXTS.size()));
    };
  }

  JsonNode value() {
    return switch (random.nextInt(9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2, 3 -> JSON.rawValueNode(new RawValue(NUMBERS.get(random.nextInt(NUMBERS.size()))));
      case 4 -> JSON.arrayNode().add(1).add("x").addNull();
      case 5 -> JSON.objectNode().put(text(), 1);
      case 6 -> JSON.rawValueNode(new RawValue(deep()));
      default -> JSON.textNode(text());
    };
  }

  private String deep() {
    int depth = 1 << random.nextInt(random.nextInt(10) == 0 ? 13 : 7);
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  /** Changes one place of it. */
  void change(JsonNode root) {
    List<ContainerNode<?>> containers = new ArrayList<>();
    gather(root, containers);
    if (containers.isEmpty()) {
      return;
    }
    switch (containers.get(random.nextInt(containers.size()))) {
      case ObjectNode object -> change(object);
      case ArrayNode array -> {
        if (array.isEmpty() || random.nextInt(3) == 0) {
          array.add(value());
        } else {
          array.set(random.nextInt(array.size()), value());
        }
      }
      default -> throw new IllegalStateException("neither object nor array");
    }
  }

  private void change(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty() || random.nextInt(6) == 0) {
      object.set(text(), value());
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    if (random.nextInt(4) == 0) {
      object.remove(name);
    } else {
      object.set(name, value());
    }
  }

  private static void gather(JsonNode node, List<ContainerNode<?>> containers) {
    if (node instanceof ContainerNode<?> container) {
      containers.add(container);
      container.forEach(child -> gather(child, containers));
    }
  }

  /** Damages it as text: what no writer of JSON would write. */
  byte[] damage(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> {
        for (int i = 0; i < 3 && bytes.length > 0; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        yield bytes;
      }
      case 2 -> json.replaceFirst("\"([a-z_]+)\":", "\"$1\":1,\"$1\":").getBytes(UTF_8);
      case 3 -> (json + json).getBytes(UTF_8);
      case 4 -> json.getBytes(StandardCharsets.UTF_16);
      case 5 -> ("\ufeff" + json).getBytes(UTF_8);
      default -> json.replace('"', '\'').getBytes(UTF_8);
    };
  }
}
