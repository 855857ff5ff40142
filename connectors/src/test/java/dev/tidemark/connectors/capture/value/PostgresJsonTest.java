package dev.tidemark.connectors.capture.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidemark.connectors.capture.value.PostgresJson.Shape;
import dev.tidemark.contract.WireSerdes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostgresJsonTest {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final int ROUNDS = 20_000;
  private static final String ALPHABET = "ab,{}\"\\ NULnul;é€\uD83D\uDE00\n\t\u0001";

  @Test
  void anyArrayOfTextComesThrough() throws Exception {
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      ArrayNode expected = array(random, 1 + random.nextInt(3));
      String json = PostgresJson.array(Shape.TEXT, ',', literal(expected));
      assertThat(JSON.readTree(json)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void anyTextIsQuotedAsJsonReadsIt() throws Exception {
    for (long seed = 0; seed < ROUNDS; seed++) {
      String text = text(new Random(seed));
      assertThat(JSON.readTree(PostgresJson.quoted(text)).textValue())
          .as("seed %d", seed)
          .isEqualTo(text);
    }
  }

  @Test
  void aBrokenArrayIsRefused() {
    for (String literal : List.of("", "{", "{1", "{1,", "{1}}", "{\"a}", "1")) {
      assertThatThrownBy(() -> PostgresJson.array(Shape.NUMBER, ',', literal))
          .as(literal)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void timestampsOfEveryAgeAndZoneAreIso() {
    assertThat(Timestamps.utc("2026-01-15 16:30:00.5+02")).isEqualTo("2026-01-15T14:30:00.5Z");
    assertThat(Timestamps.utc("2026-01-15 14:30:00+00")).isEqualTo("2026-01-15T14:30:00Z");
    assertThat(Timestamps.utc("1890-01-01 00:00:00+00:19:32")).isEqualTo("1889-12-31T23:40:28Z");
    assertThat(Timestamps.utc("0044-03-15 12:00:00+00 BC")).isEqualTo("-0043-03-15T12:00:00Z");
    assertThat(Timestamps.local("12026-01-15 00:00:00")).isEqualTo("+12026-01-15T00:00:00");
    assertThat(Timestamps.local("0001-01-01 00:00:00 BC")).isEqualTo("0000-01-01T00:00:00");
    assertThat(Timestamps.date("infinity")).isEqualTo("infinity");
  }

  @Test
  void intervalsAreIso() {
    assertThat(Intervals.iso("1 year 2 mons -3 days +04:05:06.789"))
        .isEqualTo("P1Y2M-3DT4H5M6.789S");
    assertThat(Intervals.iso("-1 years -00:00:00.5")).isEqualTo("P-1YT-0.5S");
    assertThat(Intervals.iso("00:00:00")).isEqualTo("PT0S");
    assertThat(Intervals.iso("100:00:00")).isEqualTo("PT100H");
  }

  private static ArrayNode array(Random random, int depth) {
    ArrayNode array = JSON.createArrayNode();
    int size = 1 + random.nextInt(3);
    for (int i = 0; i < size; i++) {
      if (depth > 1) {
        array.add(array(random, depth - 1));
      } else if (random.nextInt(5) == 0) {
        array.addNull();
      } else {
        array.add(text(random));
      }
    }
    return array;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(8);
    for (int i = 0; i < length; i++) {
      int at = random.nextInt(ALPHABET.length());
      if (Character.isLowSurrogate(ALPHABET.charAt(at))) {
        at--;
      }
      text.appendCodePoint(ALPHABET.codePointAt(at));
    }
    return text.toString();
  }

  /** Prints an array as Postgres does. */
  private static String literal(JsonNode array) {
    StringBuilder literal = new StringBuilder("{");
    for (JsonNode element : array) {
      if (literal.length() > 1) {
        literal.append(',');
      }
      if (element.isArray()) {
        literal.append(literal(element));
      } else if (element.isNull()) {
        literal.append("NULL");
      } else {
        String text = element.textValue().replace("\\", "\\\\").replace("\"", "\\\"");
        literal.append('"').append(text).append('"');
      }
    }
    return literal.append('}').toString();
  }
}
