package dev.tidemark.api.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.view.Rendering;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses the row for a kind of reader and fills in its texts. */
final class Renderer {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.-]{1,64})\\s*}}");

  private Renderer() {}

  /** A row with its texts filled in, and the variables that had no value. */
  record Rendered(ObjectNode row, Set<String> missing) {}

  /**
   * The row that is for the reader: the one of his kind, else the one that is for everybody.
   *
   * @param kind of which kind the reader is; null if of none
   */
  static Optional<ObjectNode> choose(JsonNode answer, Rendering rendering, @Nullable String kind) {
    ObjectNode forAll = null;
    for (JsonNode row : answer.isArray() ? answer : List.of(answer)) {
      if (row instanceof ObjectNode object) {
        String whose =
            rendering.variant().map(column -> object.path(column).textValue()).orElse(null);
        boolean everybodys = whose == null;
        if (whose != null && whose.equals(kind)) {
          return Optional.of(object);
        }
        forAll = everybodys && forAll == null ? object : forAll;
      }
    }
    return Optional.ofNullable(forAll);
  }

  static Rendered fill(ObjectNode row, Rendering rendering, Map<String, String> variables) {
    ObjectNode filled = row.deepCopy();
    Set<String> missing = new LinkedHashSet<>();
    for (String text : rendering.texts()) {
      JsonNode template = row.path(text);
      if (template.isTextual()) {
        filled.put(text, fill(template.textValue(), variables, missing));
      }
    }
    return new Rendered(filled, missing);
  }

  private static String fill(String template, Map<String, String> variables, Set<String> missing) {
    Matcher matcher = VARIABLE.matcher(template);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = variables.get(matcher.group(1));
      if (value == null) {
        missing.add(matcher.group(1));
        value = "";
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(text).toString();
  }
}
