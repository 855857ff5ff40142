package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReusedKeysTest {
  private final ReusedKeys keys = new ReusedKeys();

  @Test
  void aRowThatStandsBeforeTheDeletionOfItsKeyIsNewerThanIt() {
    keys.deleted(key(5), new Version(1, 100));
    assertThat(keys.mayBeBefore(new Version(1, 90))).isTrue();
    assertThat(keys.version(key(5), new Version(1, 90))).isEqualTo(new Version(1, 101));
    assertThat(keys.version(key(5), new Version(1, 120))).isEqualTo(new Version(1, 120));
    assertThat(keys.version(key(6), new Version(1, 90))).isEqualTo(new Version(1, 90));
  }

  @Test
  void onlyTheLastDeletionOfAKeyCounts() {
    keys.deleted(key(5), new Version(1, 100));
    keys.deleted(key(5), new Version(1, 200));
    assertThat(keys.version(key(5), new Version(1, 150))).isEqualTo(new Version(1, 201));
  }

  @Test
  void nothingIsLookedForWhereNothingWasDeletedLater() {
    assertThat(keys.mayBeBefore(new Version(1, 90))).isFalse();
    keys.deleted(key(5), new Version(1, 100));
    assertThat(keys.mayBeBefore(new Version(1, 101))).isFalse();
    assertThat(keys.mayBeBefore(new Version(2, 7))).isFalse();
  }

  @Test
  void theOldestAreForgotten() {
    for (int i = 0; i <= ReusedKeys.MOST; i++) {
      keys.deleted(key(i), new Version(1, 100 + i));
    }
    Version position = new Version(1, 90);
    assertThat(keys.version(key(0), position)).isEqualTo(position);
    assertThat(keys.version(key(1), position)).isEqualTo(new Version(1, 102));
  }

  private static EntityKey key(int id) {
    return EntityKey.of("note", List.of(Integer.toString(id)));
  }
}
