package dev.tidemark.contract.catalog.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ParameterTypeTest {
  @Test
  void typesAreReadByTheirNames() {
    for (ParameterType type : ParameterType.values()) {
      assertThat(ParameterType.of(type.text())).contains(type);
    }
    assertThat(ParameterType.of("UUID")).isEmpty();
    assertThat(ParameterType.of("int")).isEmpty();
  }

  @Test
  void theOneTextOfAValueIsItsOwn() {
    Random random = new Random(5);
    for (int round = 0; round < 5_000; round++) {
      for (Map.Entry<ParameterType, String> given :
          Map.of(
                  ParameterType.BIGINT, Long.toString(random.nextLong()),
                  ParameterType.INTEGER, Integer.toString(random.nextInt()),
                  ParameterType.SMALLINT, Short.toString((short) random.nextInt()),
                  ParameterType.UUID, new UUID(random.nextLong(), random.nextLong()).toString(),
                  ParameterType.DATE, LocalDate.ofEpochDay(random.nextInt(2_900_000)).toString(),
                  ParameterType.BOOLEAN, Boolean.toString(random.nextBoolean()),
                  ParameterType.TEXT, "a" + random.nextInt() + "é: /*")
              .entrySet()) {
        assertThat(given.getKey().canonical(given.getValue())).contains(given.getValue());
      }
    }
  }

  @Test
  void whateverIsTakenIsTakenAgainUnchanged() {
    Random random = new Random(9);
    String letters = "0123456789-abcdefABCDEF+ .:Zz\u0001";
    for (int round = 0; round < 50_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(12);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      for (ParameterType type : ParameterType.values()) {
        type.canonical(text.toString())
            .ifPresent(one -> assertThat(type.canonical(one)).contains(one));
      }
    }
  }

  @Test
  void spellingsOfOneValueBecomeOneText() {
    UUID id = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);
    assertThat(ParameterType.UUID.canonical(id.toString().toUpperCase(Locale.ROOT)))
        .contains(id.toString());
    assertThat(ParameterType.INTEGER.canonical("007")).contains("7");
    assertThat(ParameterType.INTEGER.canonical("-0")).contains("0");
    assertThat(ParameterType.BIGINT.canonical("-9223372036854775808"))
        .contains("-9223372036854775808");
  }

  @Test
  void whatIsNoValueIsRefused() {
    Map<ParameterType, List<String>> wrong =
        Map.of(
            ParameterType.SMALLINT, List.of("32768", "-32769", "", "1.0", "+1", " 1", "٣"),
            ParameterType.INTEGER, List.of("2147483648", "1e3", "0x1"),
            ParameterType.BIGINT, List.of("9223372036854775808", "99999999999999999999"),
            ParameterType.UUID, List.of("", "0123", "{01234567-89ab-cdef-fedc-ba9876543210}"),
            ParameterType.DATE,
                List.of(
                    "2026-02-29", "2026-1-1", "0000-01-01", "infinity", "20260101", "10000-01-01"),
            ParameterType.BOOLEAN, List.of("TRUE", "t", "1", ""),
            ParameterType.TEXT, List.of("a\nb", "\0", "\u007f", "x".repeat(513)));
    wrong.forEach(
        (type, texts) ->
            texts.forEach(
                text -> assertThat(type.canonical(text)).as(type + " " + text).isEmpty()));
  }

  @Test
  void onlyColumnsWhoseTextsAreTheSameSuit() {
    assertThat(List.of("text", "character varying", "character varying(20)", "enum"))
        .allMatch(ParameterType.TEXT::suits);
    assertThat(
            List.of(
                "citext",
                "character(3)",
                "\"char\"",
                "name",
                "character varying[]",
                "uuid",
                "text[]"))
        .noneMatch(ParameterType.TEXT::suits);
    for (ParameterType whole :
        List.of(ParameterType.SMALLINT, ParameterType.INTEGER, ParameterType.BIGINT)) {
      assertThat(List.of("smallint", "integer", "bigint")).allMatch(whole::suits);
      assertThat(List.of("numeric", "numeric(10,0)", "oid", "text")).noneMatch(whole::suits);
    }
    assertThat(ParameterType.UUID.suits("uuid")).isTrue();
    assertThat(ParameterType.UUID.suits("text")).isFalse();
    assertThat(ParameterType.DATE.suits("date")).isTrue();
    assertThat(ParameterType.DATE.suits("timestamp without time zone")).isFalse();
    assertThat(ParameterType.BOOLEAN.suits("boolean")).isTrue();
  }
}
