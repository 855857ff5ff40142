package dev.tidemark.connectors.capture.value;

import dev.tidemark.connectors.capture.value.PostgresJson.Shape;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGcircle;
import org.postgresql.geometric.PGline;
import org.postgresql.geometric.PGlseg;
import org.postgresql.geometric.PGpath;
import org.postgresql.geometric.PGpoint;
import org.postgresql.geometric.PGpolygon;
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
          column,
          registration,
          JSON,
          value -> PostgresJson.array(element, delimiter, plainText(value)));
      return;
    }
    Shape shape = PostgresJson.shape(oid);
    if (shape == Shape.JSON) {
      register(column, registration, JSON, ExactValues::plainText);
    } else {
      register(column, registration, TEXT, value -> text(shape, value));
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
      RelationalColumn column,
      ConverterRegistration<SchemaBuilder> registration,
      String name,
      Rendering rendering) {
    Object byDefault = column.hasDefaultValue() ? column.defaultValue() : null;
    registration.register(
        SchemaBuilder.string().name(name).optional(),
        value -> {
          if (value == null) {
            return null;
          }
          if (isUnchanged(value)) {
            return UNCHANGED;
          }
          try {
            return rendering.render(value);
          } catch (RuntimeException e) {
            // Debezium also asks for the column's default, in forms that no value ever has. Nobody
            // reads it: rows carry their values.
            if (isSame(value, byDefault)) {
              return null;
            }
            throw e;
          }
        });
  }

  @SuppressWarnings("ReferenceEquality") // the very object that was announced as the default
  private static boolean isSame(Object value, @Nullable Object byDefault) {
    return value == byDefault;
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
      // The default of a column only, such as 'infinity': dates in rows come as text or as dates.
      case Integer days when shape == Shape.DATE -> LocalDate.ofEpochDay(days).toString();
      case java.sql.Date date -> date(date);
      case OffsetTime time -> Timestamps.format(time);
      case PGInterval interval -> interval(interval);
      case PGpoint point -> wholeNumbers(point);
      case PGbox box -> wholeNumbers(box);
      case PGline line -> wholeNumbers(line);
      case PGlseg segment -> wholeNumbers(segment);
      case PGpath path -> wholeNumbers(path);
      case PGpolygon polygon -> wholeNumbers(polygon);
      case PGcircle circle -> wholeNumbers(circle);
      case SQLXML xml -> xml(xml);
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
    if (instant.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) {
      return Timestamps.INFINITY;
    }
    if (instant.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)) {
      return Timestamps.MINUS_INFINITY;
    }
    return Timestamps.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  private static String timestampWithZone(OffsetDateTime time) {
    if (time.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
      return Timestamps.INFINITY;
    }
    if (time.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)) {
      return Timestamps.MINUS_INFINITY;
    }
    return Timestamps.format(time.toInstant());
  }

  private static String date(LocalDate date) {
    if (date.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) {
      return Timestamps.INFINITY;
    }
    if (date.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)) {
      return Timestamps.MINUS_INFINITY;
    }
    return Timestamps.format(date);
  }

  private static String date(java.sql.Date date) {
    if (date.getTime() == PGStatement.DATE_POSITIVE_INFINITY) {
      return Timestamps.INFINITY;
    }
    if (date.getTime() == PGStatement.DATE_NEGATIVE_INFINITY) {
      return Timestamps.MINUS_INFINITY;
    }
    // The driver has put year, month and day into the fields of this calendar; the point in time
    // behind them means nothing.
    Calendar calendar = new GregorianCalendar();
    calendar.setTime(date);
    int year = calendar.get(Calendar.YEAR);
    return Timestamps.format(
        LocalDate.of(
            calendar.get(Calendar.ERA) == GregorianCalendar.BC ? 1 - year : year,
            calendar.get(Calendar.MONTH) + 1,
            calendar.get(Calendar.DAY_OF_MONTH)));
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

  /** The driver prints geometric values from doubles: 2.0 where Postgres prints 2. */
  private static String wholeNumbers(PGobject shape) {
    return plainText(shape).replaceAll("\\.0(?![0-9E])", "");
  }

  private static String xml(SQLXML xml) {
    try {
      return xml.getString();
    } catch (SQLException e) {
      throw new IllegalArgumentException("an xml value cannot be read", e);
    }
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
