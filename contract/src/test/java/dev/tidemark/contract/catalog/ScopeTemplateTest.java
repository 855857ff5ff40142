package dev.tidemark.contract.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeTemplateTest {
  @Test
  void aTemplateIsFilledWithTheRowsColumns() {
    ScopeTemplate template = new ScopeTemplate("region/{region}/municipality/{municipality_id}");
    assertThat(template.columns()).containsExactly("region", "municipality_id");
    assertThat(template.scopeOf(Map.of("region", "north", "municipality_id", "3")::get))
        .contains("region/north/municipality/3");
  }

  @Test
  void aTemplateWithoutColumnsIsTheScopeOfEveryRow() {
    assertThat(new ScopeTemplate("public").scopeOf(_ -> null)).contains("public");
  }

  @Test
  void aRowWhoseColumnIsNullIsInNoScope() {
    Map<String, String> row = new HashMap<>();
    row.put("user_id", null);
    assertThat(new ScopeTemplate("user/{user_id}").scopeOf(row::get)).isEmpty();
  }

  @Test
  void aValueCannotReachIntoAnotherScope() {
    ScopeTemplate template = new ScopeTemplate("warehouse/{name}");
    assertThat(template.scopeOf(_ -> "north/hall-2")).contains("warehouse/north%2Fhall-2");
    assertThat(template.scopeOf(_ -> "north%2Fhall-2")).contains("warehouse/north%252Fhall-2");
    assertThat(template.scopeOf(_ -> "{name}")).contains("warehouse/{name}");
  }
}
