package dev.tidemark.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.connectors.management.ManagementSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorsSettingsTest {
  private static final String POSTGRES = "postgresql://app:secret@db:5432/shop";

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void giveWhatIsNeeded() throws IOException {
    Path catalog = directory.resolve("catalog.yml");
    Files.writeString(
        catalog,
        """
        version: 1
        entities:
          note:
            table: public.note
            key: id
            scope: public
        """);
    environment.put("TIDEMARK_POSTGRES_URL", POSTGRES);
    environment.put("TIDEMARK_KAFKA", "kafka:9092");
    environment.put("TIDEMARK_CATALOG", catalog.toString());
  }

  @Test
  void threeVariablesAreEnough() {
    ConnectorsSettings settings = ConnectorsSettings.from(environment);
    assertThat(settings.capture()).isEqualTo(CaptureSettings.of(POSTGRES, "kafka:9092"));
    assertThat(settings.partitions()).isEqualTo(4);
    assertThat(settings.replication()).isEqualTo(1);
    assertThat(settings.management())
        .isEqualTo(new ManagementSettings("0.0.0.0", 9090, Optional.empty()));
    assertThat(settings.catalog().type("note")).isPresent();
  }

  @Test
  void everyVariableIsRead() {
    environment.put("TIDEMARK_PARTITIONS", "12");
    environment.put("TIDEMARK_REPLICATION", "3");
    environment.put("TIDEMARK_MANAGEMENT_BIND", "127.0.0.1");
    environment.put("TIDEMARK_MANAGEMENT_PORT", "9999");
    environment.put("TIDEMARK_SCRAPE_TOKEN", "0123456789abcdef");
    ConnectorsSettings settings = ConnectorsSettings.from(environment);
    assertThat(settings.partitions()).isEqualTo(12);
    assertThat(settings.replication()).isEqualTo(3);
    assertThat(settings.management())
        .isEqualTo(new ManagementSettings("127.0.0.1", 9999, Optional.of("0123456789abcdef")));
  }

  @Test
  void anEmptyVariableCountsAsAbsent() {
    environment.put("TIDEMARK_CAPTURE_BATCH", "");
    environment.put("TIDEMARK_SCRAPE_TOKEN", " ");
    assertThat(ConnectorsSettings.from(environment).management().scrapeToken()).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() {
    environment.remove("TIDEMARK_CATALOG");
    refused("TIDEMARK_CATALOG is not set: the catalog file");
  }

  @Test
  void whatIsWrongWithTheCatalogIsSaid() {
    String absent = directory.resolve("none.yml").toString();
    environment.put("TIDEMARK_CATALOG", absent);
    refused(
        "TIDEMARK_CATALOG cannot be used: "
            + absent
            + ": expected a catalog file, found no file of that name");
  }

  @Test
  void aPortOutsideTheRangeIsRefused() {
    environment.put("TIDEMARK_MANAGEMENT_PORT", "70000");
    refused("TIDEMARK_MANAGEMENT_PORT is 70000; it takes a number from 0 to 65535");
  }

  @Test
  void zeroPartitionsAreRefused() {
    environment.put("TIDEMARK_PARTITIONS", "0");
    refused("TIDEMARK_PARTITIONS is 0; it takes a number from 1 to 32767");
  }

  private void refused(String sentence) {
    assertThatThrownBy(() -> ConnectorsSettings.from(environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }
}
