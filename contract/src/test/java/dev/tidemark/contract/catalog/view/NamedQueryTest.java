package dev.tidemark.contract.catalog.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamedQueryTest {
  /** SQL in which nothing is a parameter, each to stand by itself between spaces. */
  private static final List<String> INERT =
      List.of(
          "select",
          "':a'",
          "'it''s :a'",
          "E'\\':a'",
          "e'\\\\'",
          "'\\'",
          "U&'d\\0061t'",
          "\":a\"",
          "\"a\"\":b\"",
          "$$ :a ' $$",
          "$t$ :a $$ $t$",
          "-- :a ' \"\n",
          "/* :a /* :b */ ' */",
          "x::date",
          "x :: text",
          "a[1:2]",
          "a := 3",
          "$1",
          "a$b$c",
          "-",
          "/",
          "*",
          "'a' - 'b'",
          "{:}",
          "?");

  @Test
  void whatIsPutTogetherIsTakenApart() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder("select");
      StringBuilder filled = new StringBuilder("select");
      List<String> parameters = new ArrayList<>();
      int length = random.nextInt(12);
      for (int i = 0; i < length; i++) {
        text.append(' ');
        filled.append(' ');
        if (random.nextInt(3) == 0) {
          String name = "p" + random.nextInt(4);
          parameters.add(name);
          text.append(':').append(name);
          filled.append('<').append(name).append('>');
        } else {
          String inert = INERT.get(random.nextInt(INERT.size()));
          text.append(inert);
          filled.append(inert);
        }
      }
      text.append(" x");
      filled.append(" x");
      NamedQuery query = NamedQuery.parse(text.toString());
      assertThat(query.parameters()).as(text.toString()).isEqualTo(parameters);
      assertThat(query.with(name -> ":" + name)).isEqualTo(text.toString());
      assertThat(query.with(name -> "<" + name + ">")).isEqualTo(filled.toString());
      assertThat(query.pieces()).hasSize(parameters.size() + 1);
    }
  }

  @Test
  void parametersTouchTheirNeighbours() {
    NamedQuery query = NamedQuery.parse(" select f(:a,:b)||:c::text where x=:a \n");
    assertThat(query.parameters()).containsExactly("a", "b", "c", "a");
    assertThat(query.with(name -> "1")).isEqualTo("select f(1,1)||1::text where x=1");
  }

  @Test
  void whatDoesNotEndIsRefused() {
    for (String text :
        List.of("'", "select 'a''", "E'a\\'", "\"a", "/* /* */", "$$ a", "$a$ $b$", "select 1;")) {
      assertThatThrownBy(() -> NamedQuery.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(NamedQuery.parse("select ';' -- ;").parameters()).isEmpty();
  }

  @Test
  void noTextMakesTheScanFailOtherwise() {
    Random random = new Random(11);
    String letters = "':\"$-/*\\;eE \na1_";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(14);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        NamedQuery query = NamedQuery.parse(text.toString());
        assertThat(query.with(name -> ":" + name)).isEqualTo(text.toString().strip());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("(?s)a .* does not end|a query is one statement.*");
      }
    }
  }
}
