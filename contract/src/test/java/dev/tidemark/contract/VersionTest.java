package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void aVersionReadsItsOwnTextBack() {
    for (Version version :
        List.of(
            new Version(1, 0), new Version(12, 0x16B3748L), new Version(9999, Long.MAX_VALUE))) {
      assertThat(Version.parse(version.toString())).isEqualTo(version);
    }
  }

  @Test
  void theTextSortsAsTheVersionDoes() {
    List<Version> ascending =
        List.of(
            new Version(1, 0),
            new Version(1, 9),
            new Version(1, 0xA0),
            new Version(1, Long.MAX_VALUE),
            new Version(2, 0),
            new Version(10, 3));
    assertThat(ascending).isSorted();
    assertThat(ascending.stream().map(Version::toString)).isSorted();
  }

  @Test
  void whatIsNoVersionIsRefused() {
    for (String text :
        List.of(
            "", "1", "0001", "0001-16B3748", "x001-00000000016B3748", "0000-00000000016B3748")) {
      assertThatThrownBy(() -> Version.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
