package dev.tidemark.contract.catalog.view;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * SQL with parameters by name, {@code :user_id}. What looks like one within a string, a quoted
 * name, a comment or a cast ({@code ::date}) is left alone.
 *
 * @param text as the catalog has it
 * @param pieces what stands before, between and after the parameters
 * @param parameters the parameters in order of appearance, with repetition
 */
public record NamedQuery(String text, List<String> pieces, List<String> parameters) {
  public NamedQuery {
    pieces = List.copyOf(pieces);
    parameters = List.copyOf(parameters);
    if (pieces.size() != parameters.size() + 1) {
      throw new IllegalArgumentException("pieces and parameters do not alternate");
    }
  }

  /** The SQL with something in the place of each parameter. */
  public String with(Function<String, String> inPlaceOf) {
    StringBuilder sql = new StringBuilder(pieces.getFirst());
    for (int i = 0; i < parameters.size(); i++) {
      sql.append(inPlaceOf.apply(parameters.get(i))).append(pieces.get(i + 1));
    }
    return sql.toString();
  }

  /**
   * Takes a query apart.
   *
   * @throws IllegalArgumentException if a string, name or comment does not end, or if there is more
   *     than one statement
   */
  public static NamedQuery parse(String text) {
    return new Scan(text).query();
  }

  /** One walk over the text. */
  private static final class Scan {
    private final String text;
    private final List<String> pieces = new ArrayList<>();
    private final List<String> parameters = new ArrayList<>();
    private int at;
    private int from;

    Scan(String text) {
      this.text = text.strip();
    }

    NamedQuery query() {
      while (at < text.length()) {
        step();
      }
      pieces.add(text.substring(from));
      return new NamedQuery(text, pieces, parameters);
    }

    private void step() {
      char c = text.charAt(at);
      switch (c) {
        case '\'' -> skipQuoted('\'', isEscapeString());
        case '"' -> skipQuoted('"', false);
        case '-' -> skipIf("--", "\n", true);
        case '/' -> skipComment();
        case '$' -> skipDollar();
        case ':' -> colon();
        case ';' ->
            throw new IllegalArgumentException("a query is one statement, without a semicolon");
        default -> at++;
      }
    }

    private boolean isEscapeString() {
      return at > 0
          && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E')
          && (at == 1 || !isNamePart(text.charAt(at - 2)));
    }

    private void skipQuoted(char quote, boolean backslashes) {
      int i = at + 1;
      while (i < text.length()) {
        char c = text.charAt(i);
        if (backslashes && c == '\\') {
          i += 2;
        } else if (c != quote) {
          i++;
        } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i += 2;
        } else {
          at = i + 1;
          return;
        }
      }
      throw new IllegalArgumentException("a " + quote + " does not end");
    }

    private void skipIf(String begin, String end, boolean mayStayOpen) {
      if (!text.startsWith(begin, at)) {
        at++;
        return;
      }
      int found = text.indexOf(end, at + begin.length());
      if (found < 0 && !mayStayOpen) {
        throw new IllegalArgumentException("a " + begin + " does not end");
      }
      at = found < 0 ? text.length() : found + end.length();
    }

    private void skipComment() {
      if (!text.startsWith("/*", at)) {
        at++;
        return;
      }
      int depth = 0;
      while (at < text.length()) {
        if (text.startsWith("/*", at)) {
          depth++;
          at += 2;
        } else if (text.startsWith("*/", at)) {
          depth--;
          at += 2;
          if (depth == 0) {
            return;
          }
        } else {
          at++;
        }
      }
      throw new IllegalArgumentException("a /* does not end");
    }

    private void skipDollar() {
      int end = at + 1;
      while (end < text.length() && isNamePart(text.charAt(end))) {
        end++;
      }
      boolean isQuote =
          end < text.length()
              && text.charAt(end) == '$'
              && (end == at + 1 || !Character.isDigit(text.charAt(at + 1)))
              && (at == 0 || !isNamePart(text.charAt(at - 1)));
      if (isQuote) {
        String tag = text.substring(at, end + 1);
        skipIf(tag, tag, false);
      } else {
        at++;
      }
    }

    private void colon() {
      if (text.startsWith("::", at)) {
        at += 2;
        return;
      }
      int end = at + 1;
      while (end < text.length() && isNamePart(text.charAt(end))) {
        end++;
      }
      // A slice, as in a[1:2], has a digit behind its colon, and := an equals sign.
      if (end == at + 1 || Character.isDigit(text.charAt(at + 1))) {
        at++;
        return;
      }
      pieces.add(text.substring(from, at));
      parameters.add(text.substring(at + 1, end));
      at = end;
      from = end;
    }

    private static boolean isNamePart(char c) {
      return c == '_' || Character.isLetterOrDigit(c);
    }
  }
}
