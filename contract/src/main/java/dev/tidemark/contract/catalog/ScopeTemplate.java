package dev.tidemark.contract.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says which scope a row belongs to: {@code municipality/{municipality_id}}, {@code user/{user_id}}
 * or plainly {@code public}. A row in which a named column is null belongs to no scope of this
 * template.
 */
public record ScopeTemplate(String text) {
  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  /** The columns that the template names, in order of appearance. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(text);
    while (matcher.find()) {
      columns.add(matcher.group(1));
    }
    return columns;
  }

  /**
   * The scope of a row, given the text of a column (null where the column is null or absent). A
   * slash or percent sign in a column's text is percent-encoded.
   */
  public Optional<String> scopeOf(Function<String, @Nullable String> columnText) {
    StringBuilder scope = new StringBuilder();
    Matcher matcher = COLUMN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String value = columnText.apply(matcher.group(1));
      if (value == null) {
        return Optional.empty();
      }
      scope.append(text, end, matcher.start()).append(encode(value));
      end = matcher.end();
    }
    return Optional.of(scope.append(text, end, text.length()).toString());
  }

  /** A value must not add levels to the scope, or a row could enter one that is not its own. */
  private static String encode(String value) {
    return value.indexOf('/') < 0 && value.indexOf('%') < 0
        ? value
        : value.replace("%", "%25").replace("/", "%2F");
  }

  @Override
  public String toString() {
    return text;
  }
}
