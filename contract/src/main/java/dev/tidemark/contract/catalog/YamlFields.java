package dev.tidemark.contract.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Takes a YAML tree apart and writes down, with its place, whatever is not as expected. Each method
 * returns what could be read, so that one problem does not hide the next.
 */
final class YamlFields {
  private final List<CatalogProblem> problems = new ArrayList<>();

  /** A value with the field that it stands in. */
  record Field(String path, Node key, Node value) {
    Field element(int index, Node node) {
      return new Field(path + "[" + index + "]", node, node);
    }
  }

  /** Text that was read, with the place that it was read from. */
  record Text(String value, Field field) {}

  /** What is wrong so far, from top to bottom. */
  List<CatalogProblem> problems() {
    return problems.stream()
        .sorted(
            Comparator.comparingInt(CatalogProblem::line).thenComparingInt(CatalogProblem::column))
        .toList();
  }

  void problem(Field field, String expected, String found) {
    problem(field.path(), field.value(), expected, found);
  }

  void problem(Field field, String expected) {
    problem(field, expected, describe(field.value()));
  }

  /** A problem with the name of the field rather than with its value. */
  void problemOfName(Field field, String expected, String found) {
    problem(field.path(), field.key(), expected, found);
  }

  private void problem(String path, Node place, String expected, String found) {
    problems.add(
        place
            .getStartMark()
            .map(
                mark ->
                    new CatalogProblem(
                        mark.getLine() + 1, mark.getColumn() + 1, path, expected, found))
            .orElseGet(() -> new CatalogProblem(0, 0, path, expected, found)));
  }

  /** The fields of a mapping whose names are free. */
  Map<String, Field> entries(Field parent, String expected) {
    Map<String, Field> fields = new LinkedHashMap<>();
    if (!(parent.value() instanceof MappingNode mapping)) {
      problem(parent, expected);
      return fields;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode name) || !isText(name)) {
        problem(
            parent.path(),
            key,
            "a name (in quotes, if it looks like something else)",
            describe(key));
        continue;
      }
      String path =
          parent.path().isEmpty() ? name.getValue() : parent.path() + "." + name.getValue();
      Field field = new Field(path, key, tuple.getValueNode());
      Field first = fields.putIfAbsent(name.getValue(), field);
      if (first != null) {
        problemOfName(
            field, "each name once", "'" + name.getValue() + "' again, after line " + line(first));
      }
    }
    return fields;
  }

  /** The fields of a mapping whose names are known; others are problems. */
  Map<String, Field> fields(Field parent, String expected, Collection<String> known) {
    Map<String, Field> fields = entries(parent, expected);
    fields.forEach(
        (name, field) -> {
          if (!known.contains(name)) {
            problemOfName(
                field,
                "one of the fields " + String.join(", ", known),
                DidYouMean.hint(name, known));
          }
        });
    fields.keySet().retainAll(known);
    return fields;
  }

  Optional<Text> text(Field field, String expected) {
    return text(field, expected, _ -> true);
  }

  Optional<Text> text(Field field, String expected, Predicate<String> accepted) {
    if (field.value() instanceof ScalarNode scalar
        && isText(scalar)
        && accepted.test(scalar.getValue())) {
      return Optional.of(new Text(scalar.getValue(), field));
    }
    problem(field, expected);
    return Optional.empty();
  }

  /** One text, or a list of them without repetition. */
  List<Text> texts(Field field, String expected, Predicate<String> accepted) {
    if (!(field.value() instanceof SequenceNode sequence)) {
      return text(field, expected + ", or a list of them", accepted).stream().toList();
    }
    Map<String, Text> texts = new LinkedHashMap<>();
    List<Node> elements = sequence.getValue();
    if (elements.isEmpty()) {
      problem(field, "at least " + expected);
    }
    for (int i = 0; i < elements.size(); i++) {
      Field element = field.element(i, elements.get(i));
      text(element, expected, accepted)
          .ifPresent(
              text -> {
                if (texts.putIfAbsent(text.value(), text) != null) {
                  problem(element, "each once", "'" + text.value() + "' again");
                }
              });
    }
    return List.copyOf(texts.values());
  }

  static int line(Field field) {
    return field.key().getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** What a value is, in words. */
  static String describe(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode sequence -> sequence.getValue().isEmpty() ? "an empty list" : "a list";
      case ScalarNode scalar when isNothing(scalar) -> "nothing";
      case ScalarNode scalar when isText(scalar) -> "'" + shortened(scalar.getValue()) + "'";
      case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
          "the truth value " + scalar.getValue();
      case ScalarNode scalar -> "the number " + shortened(scalar.getValue());
      default -> "something else";
    };
  }

  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private static boolean isText(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR);
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
