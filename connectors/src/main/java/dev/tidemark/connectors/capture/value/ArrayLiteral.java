package dev.tidemark.connectors.capture.value;

import dev.tidemark.connectors.capture.value.PostgresJson.Shape;

/** Reads {@code {1,NULL,"a b",{…}}}, the way Postgres prints arrays, into a JSON array. */
final class ArrayLiteral {
  private final String text;
  private final char delimiter;
  private int at;

  ArrayLiteral(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
    // An array whose first index is not 1 is printed as [2:4]={…}; the bounds have no JSON form.
    this.at = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
  }

  String json(Shape element) {
    StringBuilder json = new StringBuilder(text.length() + 16);
    array(json, element);
    if (at != text.length()) {
      throw malformed();
    }
    return json.toString();
  }

  private void array(StringBuilder json, Shape element) {
    expect('{');
    json.append('[');
    if (peek() == '}') {
      at++;
      json.append(']');
      return;
    }
    while (true) {
      switch (peek()) {
        case '{' -> array(json, element);
        case '"' -> json.append(PostgresJson.json(element, quotedElement()));
        default -> {
          String bare = bareElement();
          json.append(bare.equals("NULL") ? "null" : PostgresJson.json(element, bare));
        }
      }
      char next = peek();
      at++;
      if (next == '}') {
        json.append(']');
        return;
      }
      if (next != delimiter) {
        throw malformed();
      }
      json.append(',');
    }
  }

  private String quotedElement() {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      if (peek() == '\\') {
        at++;
      }
      value.append(peek());
      at++;
    }
    at++;
    return value.toString();
  }

  private String bareElement() {
    int from = at;
    while (peek() != delimiter && peek() != '}') {
      at++;
    }
    return text.substring(from, at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw malformed();
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw malformed();
    }
    return text.charAt(at);
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException("an array literal is malformed at character " + at);
  }
}
