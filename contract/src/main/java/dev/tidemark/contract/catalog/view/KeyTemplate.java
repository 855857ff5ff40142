package dev.tidemark.contract.catalog.view;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says under which key an answer is kept: the view's name and its parameters, {@code
 * agenda:{user_id}:{date}}. A key has as many parts as its template, whatever the values are, and
 * never a slash: what names an entity has one.
 *
 * @param name what keys begin with
 * @param parameters the parameters, in the key's order
 */
public record KeyTemplate(String name, List<String> parameters) {
  /** Stands for any value of a parameter. */
  public static final String ANY = "*";

  private static final char SEPARATOR = ':';

  public KeyTemplate {
    requireNonNull(name, "name is null");
    parameters = List.copyOf(parameters);
  }

  /** Reads {@code agenda:{user_id}:{date}}; empty if the text is no such template. */
  public static Optional<KeyTemplate> parse(String text) {
    String[] parts = text.split(":", -1);
    if (!parts[0].matches("[a-z][a-z0-9_]{0,62}")) {
      return Optional.empty();
    }
    List<String> parameters = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      if (!parts[i].matches("\\{[a-z][a-z0-9_]{0,62}}")) {
        return Optional.empty();
      }
      parameters.add(parts[i].substring(1, parts[i].length() - 1));
    }
    return parameters.stream().distinct().count() == parameters.size()
        ? Optional.of(new KeyTemplate(parts[0], parameters))
        : Optional.empty();
  }

  /**
   * The key for these values; {@link #ANY} takes the place of a parameter that has none, which
   * makes it the name of a group of answers.
   */
  public String of(Function<String, @Nullable String> valueOf) {
    StringBuilder key = new StringBuilder(name);
    for (String parameter : parameters) {
      String value = valueOf.apply(parameter);
      key.append(SEPARATOR).append(value == null ? ANY : encode(value));
    }
    return key.toString();
  }

  /** The group of all answers of the view. */
  public String all() {
    return of(_ -> null);
  }

  /** The values of a key of this template, by parameter; empty if it is none or names a group. */
  public Optional<Map<String, String>> values(String key) {
    String[] parts = key.split(":", -1);
    if (parts.length != parameters.size() + 1 || !parts[0].equals(name)) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (parts[i + 1].equals(ANY)) {
        return Optional.empty();
      }
      values.put(parameters.get(i), decode(parts[i + 1]));
    }
    return Optional.of(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    parameters.forEach(parameter -> text.append(":{").append(parameter).append('}'));
    return text.toString();
  }

  private static String encode(String value) {
    StringBuilder encoded = null;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      String escape =
          switch (c) {
            case '%' -> "%25";
            case ':' -> "%3A";
            case '/' -> "%2F";
            case '*' -> "%2A";
            default -> null;
          };
      if (escape != null && encoded == null) {
        encoded = new StringBuilder(value.length() + 8).append(value, 0, i);
      }
      if (encoded != null) {
        if (escape == null) {
          encoded.append(c);
        } else {
          encoded.append(escape);
        }
      }
    }
    return encoded == null ? value : encoded.toString();
  }

  private static String decode(String part) {
    return part.indexOf('%') < 0
        ? part
        : part.replace("%2A", "*").replace("%2F", "/").replace("%3A", ":").replace("%25", "%");
  }
}
