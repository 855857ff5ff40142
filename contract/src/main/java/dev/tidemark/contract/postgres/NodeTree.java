package dev.tidemark.contract.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of Postgres' {@code pg_node_tree}: {@code {VAR :varno 1 :varattno 2}}, lists in
 * parentheses, words. Knows the form alone, not what the nodes mean.
 */
final class NodeTree {
  private final String text;
  private int at;

  private NodeTree(String text) {
    this.text = text;
  }

  /** A node, a list or a word. */
  sealed interface Value {}

  /**
   * A node with its fields; a field may have several values, as a constant has its length and its
   * bytes.
   */
  record Node(String type, Map<String, List<Value>> fields) implements Value {
    /** The nodes in a field, whether it has one or a list. */
    List<Node> nodes(String field) {
      List<Node> nodes = new ArrayList<>();
      for (Value value : fields.getOrDefault(field, List.of())) {
        collect(value, nodes);
      }
      return nodes;
    }

    /** The values of the list in a field, with those that are no nodes. */
    List<Value> list(String field) {
      for (Value value : fields.getOrDefault(field, List.of())) {
        if (value instanceof Listing list) {
          return list.values();
        }
      }
      return List.of();
    }

    private static void collect(Value value, List<Node> nodes) {
      switch (value) {
        case Node node -> nodes.add(node);
        case Listing list -> list.values().forEach(element -> collect(element, nodes));
        case Word _ -> {}
      }
    }

    /** The field's word; empty if it has none. */
    String word(String field) {
      return fields.getOrDefault(field, List.of()).stream()
          .filter(Word.class::isInstance)
          .map(value -> ((Word) value).text())
          .findFirst()
          .orElse("");
    }

    /** The field's number; zero if it has none. */
    long number(String field) {
      String word = word(field);
      return word.matches("-?[0-9]{1,18}") ? Long.parseLong(word) : 0;
    }
  }

  /** What stands in parentheses. */
  record Listing(List<Value> values) implements Value {}

  /** Anything else. */
  record Word(String text) implements Value {}

  /**
   * The values of a tree.
   *
   * @throws IllegalArgumentException if a node or list does not end
   */
  static List<Value> parse(String text) {
    NodeTree tree = new NodeTree(text);
    List<Value> values = new ArrayList<>();
    String token = tree.next();
    while (!token.isEmpty()) {
      values.add(tree.value(token));
      token = tree.next();
    }
    return values;
  }

  private Value value(String token) {
    return switch (token) {
      case "{" -> node();
      case "(" -> list();
      default -> new Word(token);
    };
  }

  private Node node() {
    String type = inside();
    Map<String, List<Value>> fields = new LinkedHashMap<>();
    List<Value> values = new ArrayList<>();
    String token = inside();
    while (!token.equals("}")) {
      if (token.startsWith(":")) {
        values = new ArrayList<>();
        fields.put(token.substring(1), values);
      } else {
        values.add(value(token));
      }
      token = inside();
    }
    return new Node(type, fields);
  }

  private Listing list() {
    List<Value> values = new ArrayList<>();
    String token = inside();
    while (!token.equals(")")) {
      values.add(value(token));
      token = inside();
    }
    return new Listing(values);
  }

  private String inside() {
    String token = next();
    if (token.isEmpty()) {
      throw new IllegalArgumentException("a node tree that does not end");
    }
    return token;
  }

  private String next() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return "";
    }
    int start = at;
    if (isBracket(text.charAt(at))) {
      at++;
      return text.substring(start, at);
    }
    while (at < text.length() && !isSpace(text.charAt(at)) && !isBracket(text.charAt(at))) {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at, text.length());
    return text.substring(start, at);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t';
  }

  private static boolean isBracket(char c) {
    return c == '{' || c == '}' || c == '(' || c == ')';
  }
}
