package dev.tidemark.contract.catalog.view;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The types that a parameter may have: those whose values have one text each, so that a request and
 * a changed row come to the same key.
 */
public enum ParameterType {
  TEXT,
  UUID,
  SMALLINT,
  INTEGER,
  BIGINT,
  DATE,
  BOOLEAN;

  private static final int LONGEST = 512;
  private static final Pattern VARYING = Pattern.compile("character varying(\\([0-9]+\\))?");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern UUIDS =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  /** The name in the catalog and in SQL. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ParameterType> of(String text) {
    for (ParameterType type : values()) {
      if (type.text().equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a column's values have the texts of this type: only then do a request and a changed row
   * come to one key. Not {@code citext}, whose equal values differ in case, nor {@code character},
   * which is padded.
   *
   * @param base the type of the column as {@code TableShape.Column} has it, without what a domain
   *     adds and with {@code enum} for any enumeration
   */
  public boolean suits(String base) {
    return switch (this) {
      case TEXT -> base.equals("text") || base.equals("enum") || VARYING.matcher(base).matches();
      case SMALLINT, INTEGER, BIGINT ->
          base.equals("smallint") || base.equals("integer") || base.equals("bigint");
      case UUID, DATE, BOOLEAN -> base.equals(text());
    };
  }

  /** The one text of a value that a request gives; empty if it is no value of the type. */
  public Optional<String> canonical(String given) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    return switch (this) {
      case TEXT ->
          given.chars().allMatch(c -> c >= ' ' && c != 0x7f)
              ? Optional.of(given)
              : Optional.empty();
      case UUID ->
          Optional.of(given.toLowerCase(Locale.ROOT)).filter(text -> UUIDS.matcher(text).matches());
      case SMALLINT -> whole(given, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> whole(given, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> whole(given, Long.MIN_VALUE, Long.MAX_VALUE);
      case DATE -> day(given);
      case BOOLEAN ->
          given.equals("true") || given.equals("false") ? Optional.of(given) : Optional.empty();
    };
  }

  private static Optional<String> whole(String given, long least, long most) {
    if (!WHOLE.matcher(given).matches()) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(given);
    return value.compareTo(BigInteger.valueOf(least)) >= 0
            && value.compareTo(BigInteger.valueOf(most)) <= 0
        ? Optional.of(value.toString())
        : Optional.empty();
  }

  private static Optional<String> day(String given) {
    if (!DAY.matcher(given).matches() || given.startsWith("0000")) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(given).toString());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
