package dev.tidemark.standalone.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes requests out of the OpenAPI document: by its schemas first, then less and less so. */
final class SchemaRequests {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  // Lone surrogates survive as escapes only.
  private static final ObjectMapper WRITER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final List<String> METHODS =
      List.of("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW");
  private static final List<String> MEDIA =
      List.of(
          "text/plain",
          "application/xml",
          "application/json;charset=utf-16",
          "application/problem+json",
          "multipart/form-data",
          "application/x-www-form-urlencoded",
          "x",
          "");

  private final RandomGenerator random;
  private final JsonNode document;
  private final Specimens specimens;
  private final Mutations mutations;
  private final List<Route> routes = new ArrayList<>();

  /** A method of a path. */
  private record Route(String method, String path, JsonNode operation) {}

  /** One request. */
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    @Override
    public String toString() {
      String text = new String(body, UTF_8);
      return "%s %s %s %s"
          .formatted(
              method, target, headers, text.length() > 2_000 ? text.substring(0, 2_000) : text);
    }
  }

  SchemaRequests(RandomGenerator random, JsonNode document, Specimens specimens) {
    this.random = random;
    this.document = document;
    this.specimens = specimens;
    this.mutations = new Mutations(random);
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              // What stays open has no answer to wait for; HostileRequests has cases of it.
              if (path.getKey().startsWith("/api/sync")
                  && !path.getKey().equals("/api/sync/live")) {
                path.getValue()
                    .properties()
                    .forEach(
                        one ->
                            routes.add(
                                new Route(
                                    one.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    one.getValue())));
              }
            });
  }

  int routes() {
    return routes.size();
  }

  Request next(String device) {
    // Batches are half of it: they have the most to go wrong.
    Route route =
        random.nextBoolean()
            ? routes.stream()
                .filter(one -> one.path().equals("/api/sync"))
                .findFirst()
                .orElseThrow()
            : routes.get(random.nextInt(routes.size()));
    Map<String, String> headers = new LinkedHashMap<>();
    String target = target(route, device, headers);
    byte[] body = new byte[0];
    JsonNode schema = route.operation().at("/requestBody/content/application~1json/schema");
    if (!schema.isMissingNode()) {
      headers.put("Content-Type", rarely(30) ? pick(MEDIA) : "application/json");
      body = body(schema, device);
    } else if (route.method().equals("POST") && rarely(3)) {
      headers.put("Content-Type", "application/json");
      body = write(mutations.value());
    }
    if (rarely(40)) {
      headers.put("Accept", pick(List.of("image/png", "text/plain", "application/json;q=0", "x")));
    }
    String method = rarely(40) ? pick(METHODS) : route.method();
    return new Request(method, target, headers, body);
  }

  private String target(Route route, String device, Map<String, String> headers) {
    String path = route.path();
    List<String> query = new ArrayList<>();
    for (JsonNode parameter : route.operation().path("parameters")) {
      String name = parameter.path("name").asText();
      String value = value(name, path, device, parameter.path("schema"));
      switch (parameter.path("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", encoded(value));
        case "query" -> {
          if (random.nextInt(3) == 0) {
            query.add(name + "=" + encoded(value));
          }
        }
        case "header" -> {
          String printable = value.replaceAll("[^\\x20-\\x7E]", "?").strip();
          if (random.nextInt(3) == 0) {
            headers.put(name, printable.substring(0, Math.min(printable.length(), 4_000)));
          }
        }
        default -> throw new IllegalStateException(parameter.toString());
      }
    }
    if (rarely(30)) {
      query.add(encoded(mutations.text()) + "=" + encoded(mutations.text()));
    }
    if (rarely(50)) {
      path = path + pick(List.of("/", "//", "/..", ";a=b", "/%2e%2e", "%00", "/x"));
    }
    String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
    return target.substring(0, Math.min(target.length(), 12_000)).replaceAll("%.?$", "");
  }

  private String value(String name, String path, String device, JsonNode schema) {
    if (rarely(8)) {
      return mutations.text();
    }
    return name.equals("id")
        ? specimens.id(path)
        : specimens.of(name, device).orElseGet(() -> byType(schema)).asText();
  }

  private byte[] body(JsonNode schema, String device) {
    if (rarely(60)) {
      return new byte[0];
    }
    JsonNode json = make("", schema, device);
    if (random.nextBoolean()) {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        mutations.change(json);
      }
    }
    return rarely(25) ? mutations.damage(new String(write(json), UTF_8)) : write(json);
  }

  private JsonNode make(String name, JsonNode given, String device) {
    JsonNode schema =
        given.has("$ref") ? document.at(given.path("$ref").asText().substring(1)) : given;
    JsonNode properties = schema.path("properties");
    if (!properties.isMissingNode()) {
      ObjectNode object = JSON.objectNode();
      properties
          .properties()
          .forEach(
              property -> {
                boolean nullable = property.getValue().path("nullable").asBoolean();
                if (!nullable || random.nextInt(3) > 0) {
                  object.set(
                      property.getKey(), make(property.getKey(), property.getValue(), device));
                }
              });
      if (object.has("entity_type") && !rarely(12)) {
        specimens.fill(object);
      }
      return object;
    }
    if (schema.path("type").asText().equals("array")) {
      ArrayNode array = JSON.arrayNode();
      for (int i = random.nextInt(5); i > 0; i--) {
        array.add(make("", schema.path("items"), device));
      }
      return array;
    }
    return rarely(40)
        ? mutations.value()
        : specimens.of(name, device).orElseGet(() -> byType(schema));
  }

  private JsonNode byType(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "integer", "number" -> JSON.numberNode(random.nextInt());
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "object" -> JSON.objectNode();
      default -> JSON.textNode(mutations.text());
    };
  }

  private boolean rarely(int often) {
    return random.nextInt(often) == 0;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static byte[] write(JsonNode json) {
    try {
      return WRITER.writeValueAsString(json).getBytes(UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
