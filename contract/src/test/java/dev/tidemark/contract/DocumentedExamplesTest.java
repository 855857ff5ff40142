package dev.tidemark.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.MergePolicy;
import dev.tidemark.contract.catalog.view.ParameterType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the documents show is what the programs accept. */
class DocumentedExamplesTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void theCatalogInItsGuideIsValid() throws IOException {
    assertThat(CatalogReader.read("catalog.md", example("catalog.md", "yaml")))
        .isInstanceOf(CatalogReading.Valid.class);
  }

  @Test
  void theViewsInItsGuideAreValid() throws IOException {
    String entities =
        """
        version: 1
        entities:
          user: {table: users, key: id}
          service: {table: services, key: id}
          appointment: {table: appointments, key: id}
        """;
    assertThat(CatalogReader.read("catalog.md", entities + exampleThatBegins("views:")))
        .isInstanceOf(CatalogReading.Valid.class);
  }

  @Test
  void theJobsInItsGuideAreValid() throws IOException {
    String entities =
        """
        version: 1
        entities:
          user: {table: users, key: id}
        """;
    assertThat(CatalogReader.read("catalog.md", entities + exampleThatBegins("queues:")))
        .isInstanceOf(CatalogReading.Valid.class);
  }

  @Test
  void theGuideNamesEveryTypeOfAParameter() throws IOException {
    String guide = Files.readString(DOCS.resolve("catalog.md"));
    for (ParameterType type : ParameterType.values()) {
      assertThat(guide).contains("`" + type.text() + "`");
    }
  }

  @Test
  void theGuideNamesEveryMergePolicy() throws IOException {
    String guide = Files.readString(DOCS.resolve("catalog.md"));
    for (MergePolicy policy : MergePolicy.values()) {
      assertThat(guide).contains("`" + policy.text() + "`");
    }
  }

  @Test
  void theChangeInTheContractReadsAndWritesBack() throws IOException {
    String json = example("contract.md", "json");
    EntityChange change =
        WireSerdes.entityChange().deserializer().deserialize("a-topic", json.getBytes(UTF_8));
    byte[] bytes = WireSerdes.entityChange().serializer().serialize("a-topic", change);
    assertThat(WireSerdes.exactJson().readTree(bytes))
        .isEqualTo(WireSerdes.exactJson().readTree(json));
    assertThat(change.changed()).containsExactly("status", "visits");
  }

  @Test
  void theContractNamesEveryTopicAndKindAndHeader() throws IOException {
    String contract = Files.readString(DOCS.resolve("contract.md"));
    for (Topic<?, ?> topic : Topics.of(new Catalog(List.of()))) {
      assertThat(contract).contains("`" + topic + "`");
    }
    for (ChangeKind kind : ChangeKind.values()) {
      assertThat(contract).contains("`" + kind.text() + "`");
    }
    assertThat(contract)
        .contains(
            CloudEventHeaders.SPEC_VERSION,
            CloudEventHeaders.ID,
            CloudEventHeaders.SOURCE,
            CloudEventHeaders.TYPE,
            CloudEventHeaders.SUBJECT,
            CloudEventHeaders.TIME,
            CloudEventHeaders.CONTENT_TYPE,
            CloudEventHeaders.type(ChangeKind.UPDATE),
            DeadLetterHeaders.REASON,
            DeadLetterHeaders.TOPIC);
  }

  /** The first example in this language. */
  private static String example(String document, String language) throws IOException {
    String text = Files.readString(DOCS.resolve(document));
    return exampleAt(text, text.indexOf(fence(language)), language);
  }

  private static String exampleThatBegins(String words) throws IOException {
    String text = Files.readString(DOCS.resolve("catalog.md"));
    return exampleAt(text, text.indexOf(fence("yaml") + words), "yaml");
  }

  private static String fence(String language) {
    return "```" + language + "\n";
  }

  private static String exampleAt(String text, int fence, String language) {
    int start = fence + fence(language).length();
    return text.substring(start, text.indexOf("```", start));
  }
}
