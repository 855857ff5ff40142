package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a mapping whose fields nobody knows beforehand, with the values that JSON has. */
final class ValueReader {
  /** An alias may stand within what it stands for. */
  private static final int DEEPEST = 20;

  private final YamlFields yaml;

  ValueReader(YamlFields yaml) {
    this.yaml = yaml;
  }

  /** What the mapping says; what is no mapping is a problem, and empty. */
  Map<String, @Nullable Object> read(Field field) {
    return mapping(field, 1);
  }

  private Map<String, @Nullable Object> mapping(Field field, int depth) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : yaml.entries(field, "a mapping").entrySet()) {
      values.put(entry.getKey(), value(entry.getValue(), depth + 1));
    }
    return Collections.unmodifiableMap(values);
  }

  private @Nullable Object value(Field field, int depth) {
    if (depth > DEEPEST) {
      yaml.problem(field, "at most " + DEEPEST + " values within one another", "more");
      return null;
    }
    return switch (field.value()) {
      case MappingNode _ -> mapping(field, depth);
      case SequenceNode sequence -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (Node element : sequence.getValue()) {
          values.add(value(field.element(values.size(), element), depth + 1));
        }
        yield Collections.unmodifiableList(values);
      }
      case ScalarNode scalar -> scalar(field, scalar);
      default -> {
        yaml.problem(field, "a value that JSON has");
        yield null;
      }
    };
  }

  private @Nullable Object scalar(Field field, ScalarNode scalar) {
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.STR)) {
      return text;
    }
    if (YamlFields.isNothing(scalar)) {
      return null;
    }
    if (scalar.getTag().equals(Tag.BOOL)) {
      return text.equals("true");
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException _) {
      yaml.problem(field, "a value that JSON has");
      return null;
    }
  }
}
