package dev.tidemark.api.interop;

import static dev.tidemark.api.interop.Dialect.RXDB;
import static dev.tidemark.api.interop.Dialect.WATERMELON;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int4        | 7                             | 7                     | 7
          bool        | true                          | true                  | true
          float8      | 'NaN'                         | 'NaN'                 | 'NaN'
          int8        | 9007199254740991              | 9007199254740991      | 9007199254740991
          int8        | -9007199254740992             | '-9007199254740992'   | '-9007199254740992'
          numeric     | '12.50'                       | '12.50'               | '12.50'
          timestamptz | '2026-01-20T10:15:30.123999Z' | 1768904130123         | '2026-01-20T10:15:30.123999Z'
          timestamptz | '1969-12-31T23:59:59.9995Z'   | -1                    | '1969-12-31T23:59:59.9995Z'
          timestamptz | 'infinity'                    | null                  | 'infinity'
          jsonb       | {'ph':6.50}                   | '{\\"ph\\":6.50}'     | {'ph':6.50}
          _text       | ['a',null]                    | '[\\"a\\",null]'      | ['a',null]
          date        | '2026-01-15'                  | '2026-01-15'          | '2026-01-15'
          int8        | null                          | null                  | null
          """)
  void aValueIsToldSoThatJavaScriptLosesNoDigit(
      String type, String value, String watermelon, String rxdb) {
    assertThat(Values.told(WATERMELON, type, Json.of(value)).toString())
        .isEqualTo(Json.of(watermelon).toString());
    assertThat(Values.told(RXDB, type, Json.of(value)).toString())
        .isEqualTo(Json.of(rxdb).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int8        | '-9007199254740993' | -9007199254740993          | -9007199254740993
          int4        | 'seven'             | 'seven'                    | 'seven'
          bool        | 1                   | true                       | true
          bool        | 0                   | false                      | false
          bool        | 2                   | 2                          | 2
          numeric     | 12.50               | '12.50'                    | '12.50'
          timestamptz | 1768904130123       | '2026-01-20T10:15:30.123Z' | '2026-01-20T10:15:30.123Z'
          timestamptz | 1e300               | 1e300                      | 1e300
          jsonb       | '{\\"ph\\":6.50}'   | {'ph':6.50}                | '{\\"ph\\":6.50}'
          jsonb       | 'no JSON'           | 'no JSON'                  | 'no JSON'
          text[]      | '[\\"a\\"]'         | ['a']                      | '[\\"a\\"]'
          text        | '1'                 | '1'                        | '1'
          int8        | null                | null                       | null
          """)
  void whatIsSentIsTakenForWhatItCanMean(
      String type, String value, String watermelon, String rxdb) {
    assertThat(Values.sent(WATERMELON, type, Json.of(value)).toString())
        .isEqualTo(Json.of(watermelon).toString());
    assertThat(Values.sent(RXDB, type, Json.of(value)).toString())
        .isEqualTo(Json.of(rxdb).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':[1.0,null]} | {'a':[1,null]} | true
          {'a':1}          | {'a':1,'b':2}  | false
          [1,2]            | [2,1]          | false
          '1'              | 1              | false
          null             | null           | true
          """)
  void aNumberIsTheSameHoweverItIsWritten(String one, String other, boolean same) {
    assertThat(Values.isSame(Json.of(one), Json.of(other))).isEqualTo(same);
  }
}
