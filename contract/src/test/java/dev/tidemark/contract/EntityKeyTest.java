package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class EntityKeyTest {
  @Test
  void aKeyOfOneColumnIsItsText() {
    assertThat(EntityKey.of("activity", List.of("123")).canonical()).isEqualTo("activity/123");
    assertThat(EntityKey.of("user", List.of("ünï çødé")).canonical()).isEqualTo("user/ünï çødé");
  }

  @Test
  void severalColumnsAreJoinedAndWhatWouldConfuseIsEncoded() {
    assertThat(EntityKey.of("inventory", List.of("north/hall-2", "17")).canonical())
        .isEqualTo("inventory/north%2Fhall-2,17");
    assertThat(EntityKey.of("t", List.of("100%", "a,b", "")).canonical())
        .isEqualTo("t/100%25,a%2Cb,");
  }

  @Test
  void differentRowsHaveDifferentKeys() {
    List<List<String>> rows =
        List.of(
            List.of("a,b"),
            List.of("a", "b"),
            List.of("a%2Cb"),
            List.of("a%252Cb"),
            List.of("a/b"),
            List.of("a%2Fb"),
            List.of("a", ",b"),
            List.of("a,", "b"),
            List.of("", "a", "b"),
            List.of("a", "b", ""));
    Set<String> keys = new HashSet<>();
    rows.forEach(row -> keys.add(EntityKey.of("t", row).canonical()));
    assertThat(keys).hasSameSizeAs(rows);
  }

  @Test
  void theBytesAreTheCanonicalFormInUtf8() {
    Serde<EntityKey> serde = WireSerdes.entityKey();
    for (EntityKey key :
        List.of(
            EntityKey.of("inventory", List.of("north/hall-2", "17")),
            EntityKey.of("user", List.of("Łódź 👋")),
            EntityKey.of("t", List.of("")))) {
      byte[] bytes = serde.serializer().serialize("a-topic", key);
      assertThat(bytes).isEqualTo(key.canonical().getBytes(UTF_8));
      assertThat(serde.deserializer().deserialize("a-topic", bytes)).isEqualTo(key);
    }
  }

  @Test
  void whatIsNoKeyIsRefused() {
    for (String text : List.of("", "activity", "/123", "/")) {
      assertThatThrownBy(() -> EntityKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> EntityKey.of("t", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
