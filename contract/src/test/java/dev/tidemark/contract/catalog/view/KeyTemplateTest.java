package dev.tidemark.contract.catalog.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {
  private static final KeyTemplate AGENDA = new KeyTemplate("agenda", List.of("user_id", "date"));

  @Test
  void aTemplateIsReadAndWrittenBack() {
    assertThat(KeyTemplate.parse("agenda:{user_id}:{date}")).contains(AGENDA);
    assertThat(AGENDA).hasToString("agenda:{user_id}:{date}");
    assertThat(KeyTemplate.parse("counters")).contains(new KeyTemplate("counters", List.of()));
    for (String text :
        List.of(
            "",
            ":",
            "agenda:",
            ":{a}",
            "Agenda:{a}",
            "agenda:a",
            "agenda:{A}",
            "agenda:{}",
            "agenda:{a}{b}",
            "agenda:{a}:{a}",
            "agenda:{a}:",
            "agenda {a}",
            "agenda/{a}",
            "{a}",
            "a".repeat(64),
            "agenda:{a",
            "agenda:*")) {
      assertThat(KeyTemplate.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void anyValuesComeBackFromTheirKeyAndNoTwoShareOne() {
    Random random = new Random(3);
    Map<String, Map<String, String>> byKey = new HashMap<>();
    for (int round = 0; round < 20_000; round++) {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("user_id", text(random));
      values.put("date", text(random));
      String key = AGENDA.of(values::get);
      assertThat(AGENDA.values(key)).contains(values);
      assertThat(key).doesNotContain("/", "*");
      assertThat(key.split(":", -1)).hasSize(3);
      Map<String, String> other = byKey.putIfAbsent(key, values);
      if (other != null) {
        assertThat(other).isEqualTo(values);
      }
    }
  }

  @Test
  void aGroupIsNoKey() {
    Set<String> names = new HashSet<>();
    names.add(AGENDA.all());
    names.add(AGENDA.of(parameter -> parameter.equals("date") ? "*" : null));
    names.add(AGENDA.of(parameter -> parameter.equals("date") ? null : "*"));
    names.add(AGENDA.of(_ -> "*"));
    assertThat(names)
        .containsExactlyInAnyOrder("agenda:*:*", "agenda:*:%2A", "agenda:%2A:*", "agenda:%2A:%2A");
    assertThat(names.stream().filter(name -> AGENDA.values(name).isPresent()))
        .containsExactly("agenda:%2A:%2A");
  }

  @Test
  void keysOfOtherTemplatesHaveNoValues() {
    for (String key :
        List.of("", "agenda", "agenda:a", "agenda:a:b:c", "agend:a:b", "agenda:*:b")) {
      assertThat(AGENDA.values(key)).as(key).isEmpty();
    }
    assertThat(AGENDA.values("agenda::")).contains(Map.of("user_id", "", "date", ""));
  }

  private static String text(Random random) {
    String letters = "ab:/*%2AF35 {}é😀";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(6);
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
