package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

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
public final class ScopeTemplate {
  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  private final String text;
  private final List<String> columns;

  /** What stands before, between and after the columns. */
  private final List<String> between;

  public ScopeTemplate(String text) {
    this.text = requireNonNull(text, "text is null");
    List<String> named = new ArrayList<>();
    List<String> pieces = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(text);
    int end = 0;
    while (matcher.find()) {
      named.add(matcher.group(1));
      pieces.add(text.substring(end, matcher.start()));
      end = matcher.end();
    }
    pieces.add(text.substring(end));
    columns = List.copyOf(named);
    between = List.copyOf(pieces);
  }

  /** As the catalog has it. */
  public String text() {
    return text;
  }

  /** The columns that the template names, in order of appearance. */
  public List<String> columns() {
    return columns;
  }

  /**
   * The scope of a row, given the text of a column (null where the column is null or absent). A
   * slash or percent sign in a column's text is percent-encoded.
   */
  public Optional<String> scopeOf(Function<String, @Nullable String> columnText) {
    StringBuilder scope = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      String value = columnText.apply(columns.get(i));
      if (value == null) {
        return Optional.empty();
      }
      scope.append(between.get(i)).append(encode(value));
    }
    return Optional.of(scope.append(between.getLast()).toString());
  }

  /** A value must not add levels to the scope, or a row could enter one that is not its own. */
  private static String encode(String value) {
    return value.indexOf('/') < 0 && value.indexOf('%') < 0
        ? value
        : value.replace("%", "%25").replace("/", "%2F");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ScopeTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
