package dev.tidemark.connectors.capture.value;

import dev.tidemark.connectors.capture.value.PostgresJson.Shape;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/**
 * Tells Debezium to hand over every value whose own conversion would lose something: infinities,
 * numbers with their scale, intervals, arrays of any type and depth, types it does not know.
 *
 * <p>Debezium makes it by name, so it is public and has no arguments. Booleans, integers, floats
 * and plain text keep Debezium's own conversion, which is exact.
 */
public final class ExactValues implements CustomConverter<SchemaBuilder, RelationalColumn> {
  /** The schema name of a string that is JSON already. */
  public static final String JSON = "dev.tidemark.json";

  /** The schema name of a string that stands for itself. */
  public static final String TEXT = "dev.tidemark.text";

  /** The text of a value that an update left alone and that the log does not repeat. */
  public static final String UNCHANGED = "\u0000unchanged";

  private static final LocalDate DEBEZIUM_INFINITY = LocalDate.parse("-5877611-06-21");
  private static final LocalDate DEBEZIUM_MINUS_INFINITY = LocalDate.parse("-5877611-06-22");
  private static final DateTimeFormatter TIME_WITH_ZONE =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSxxx");

  @Override
  public void configure(Properties properties) {
    // nothing to set
  }

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    int oid = column.nativeType();
    if (keepsDebeziumsConversion(oid)) {
      return;
    }
    if (column.typeName().startsWith("_") || PostgresJson.elementOf(oid) != 0) {
      Shape element = PostgresJson.shape(PostgresJson.elementOf(oid));
      char delimiter = column.typeName().equals("_box") ? ';' : ',';
      register(
          registration, JSON, value -> PostgresJson.array(element, delimiter, plainText(value)));
      return;
    }
    Shape shape = PostgresJson.shape(oid);
    if (shape == Shape.JSON) {
      register(registration, JSON, ExactValues::plainText);
    } else {
      register(registration, TEXT, value -> text(shape, value));
    }
  }

  private static boolean keepsDebeziumsConversion(int oid) {
    return switch (oid) {
      case 16, 20, 21, 23, 26, 700, 701, 25, 1043, 1042, 2950 -> true;
      default -> false;
    };
  }

  /** Turns a value that Debezium parsed into its text. */
  private interface Rendering {
    String render(Object value);
  }

  private static void register(
      ConverterRegistration<SchemaBuilder> registration, String name, Rendering rendering) {
    registration.register(
        SchemaBuilder.string().name(name).optional(),
        value -> {
          if (value == null) {
            return null;
          }
          return isUnchanged(value) ? UNCHANGED : rendering.render(value);
        });
  }

  /** Debezium marks an unchanged TOAST value with an object of its own, a bare {@link Object}. */
  private static boolean isUnchanged(Object value) {
    return value.getClass() == Object.class;
  }

  static String text(Shape shape, Object value) {
    return switch (value) {
      case SpecialValueDecimal decimal -> decimal(decimal);
      case BigDecimal decimal -> decimal.toPlainString();
      case Instant instant -> timestamp(instant);
      case OffsetDateTime time -> timestampWithZone(time);
      case LocalDate date -> date(date);
      case java.sql.Date date -> date(date);
      case OffsetTime time -> trimFraction(TIME_WITH_ZONE.format(time));
      case PGInterval interval -> interval(interval);
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case ByteBuffer bytes -> Base64.getEncoder().encodeToString(bytes(bytes));
      default -> PostgresJson.text(shape, plainText(value));
    };
  }

  private static String decimal(SpecialValueDecimal decimal) {
    Optional<BigDecimal> finite = decimal.getDecimalValue();
    if (finite.isPresent()) {
      return finite.get().toPlainString();
    }
    double special = decimal.toDouble();
    if (Double.isNaN(special)) {
      return "NaN";
    }
    return special > 0 ? "Infinity" : "-Infinity";
  }

  private static String timestamp(Instant instant) {
    // The names of Debezium's constants for infinity cannot be used here: they are values near the
    // ends of what a microsecond count can say, far outside what Postgres can store.
    if (instant.getEpochSecond() > MAX_FINITE_SECONDS) {
      return "infinity";
    }
    if (instant.getEpochSecond() < MIN_FINITE_SECONDS) {
      return "-infinity";
    }
    return Timestamps.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  private static String timestampWithZone(OffsetDateTime time) {
    if (time.toEpochSecond() > MAX_FINITE_SECONDS) {
      return "infinity";
    }
    if (time.toEpochSecond() < MIN_FINITE_SECONDS) {
      return "-infinity";
    }
    return Timestamps.format(time.toInstant());
  }

  /** Postgres stores timestamps from 4713 BC to 294276 AD. */
  private static final long MAX_FINITE_SECONDS =
      LocalDateTime.of(294277, 1, 2, 0, 0).toEpochSecond(ZoneOffset.UTC);

  private static final long MIN_FINITE_SECONDS =
      LocalDateTime.of(-4713, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

  private static String date(LocalDate date) {
    if (date.equals(DEBEZIUM_INFINITY)) {
      return "infinity";
    }
    if (date.equals(DEBEZIUM_MINUS_INFINITY)) {
      return "-infinity";
    }
    return Timestamps.format(date.atStartOfDay()).replace("T00:00:00", "");
  }

  private static String date(java.sql.Date date) {
    if (date.getTime() == PGStatement.DATE_POSITIVE_INFINITY) {
      return "infinity";
    }
    if (date.getTime() == PGStatement.DATE_NEGATIVE_INFINITY) {
      return "-infinity";
    }
    return date(date.toLocalDate());
  }

  private static String interval(PGInterval interval) {
    BigDecimal seconds =
        BigDecimal.valueOf(interval.getWholeSeconds())
            .add(BigDecimal.valueOf(interval.getMicroSeconds(), 6));
    return Intervals.iso(
        interval.getYears(),
        interval.getMonths(),
        interval.getDays(),
        interval.getHours(),
        interval.getMinutes(),
        seconds);
  }

  private static String trimFraction(String time) {
    return time.replaceFirst("\\.?0+([+-])", "$1");
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String plainText(Object value) {
    String text = value instanceof PGobject object ? textOf(object) : value.toString();
    if (text == null) {
      throw new IllegalArgumentException("a value of " + value.getClass() + " has no text");
    }
    return text;
  }

  private static @Nullable String textOf(PGobject object) {
    return object.getValue();
  }
}
