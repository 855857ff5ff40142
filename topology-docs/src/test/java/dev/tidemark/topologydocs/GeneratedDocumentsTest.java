package dev.tidemark.topologydocs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedDocumentsTest {
  private final Catalog catalog = ReferenceCatalog.read();

  @Test
  void theCommittedDocumentsAreCurrent() throws IOException {
    for (Map.Entry<String, String> document : Documents.of(catalog).entrySet()) {
      Path file = Path.of(document.getKey());
      assertThat(file).as("./tidemark docs writes what is missing").exists();
      assertThat(Files.readString(file))
          .as("%s is stale: ./tidemark docs writes it anew", file)
          .isEqualTo(document.getValue());
    }
  }

  @Test
  void noPageOfATopologyIsLeftThatIsNoMore() throws IOException {
    try (Stream<Path> pages = Files.list(Path.of(Documents.TOPOLOGIES))) {
      assertThat(pages.map(Path::toString).map(page -> page.replace('\\', '/')))
          .isSubsetOf(Documents.of(catalog).keySet());
    }
  }

  @Test
  void generatingWritesAllAndRemovesWhatIsLeftOver(@TempDir Path directory) throws IOException {
    Path leftOver = directory.resolve(Documents.TOPOLOGIES).resolve("gone.md");
    Files.createDirectories(directory.resolve(Documents.TOPOLOGIES));
    Files.writeString(leftOver, "old");

    assertThat(Generate.write(directory, catalog)).isEqualTo(7);

    assertThat(leftOver).doesNotExist();
    assertThat(directory.resolve("asyncapi.yaml")).isNotEmptyFile();
    assertThat(directory.resolve("topologies/entities.svg")).isNotEmptyFile();
  }

  @Test
  void generatingTwiceGivesTheSame() {
    assertThat(Documents.of(catalog)).isEqualTo(Documents.of(catalog));
  }
}
