package dev.tidemark.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true",
        "GZIP | true",
        "x-gzip | true",
        "deflate, gzip;q=0.5, br | true",
        "* | true",
        "gzip;q=0 | false",
        "gzip; q=0.000 | false",
        "gzip;q=0, * | false",
        "*;q=0 | false",
        "br;q=1, *;q=0.1 | true",
        "identity | false",
        "deflate, br, zstd | false",
        "'' | false",
        "gzipped | false"
      })
  void tellsWhetherGzipIsTaken(String header, boolean takes) {
    assertThat(AcceptEncoding.takesGzip(header)).isEqualTo(takes);
  }

  @Test
  void whoSaysNothingNeedNotUnderstand() {
    assertThat(AcceptEncoding.takesGzip(null)).isFalse();
  }
}
