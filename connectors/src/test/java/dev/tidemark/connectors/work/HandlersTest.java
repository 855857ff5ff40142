package dev.tidemark.connectors.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.http.Reach;
import dev.tidemark.connectors.work.storage.S3Settings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HandlersTest {
  private static final String URL = "postgresql://u:p@db:5432/tidemark";

  private static Map<String, String> environment(String... pairs) {
    Map<String, String> environment = new HashMap<>(Map.of("TIDEMARK_POSTGRES_URL", URL));
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return environment;
  }

  @Test
  void withoutVariablesThereIsADatabaseAndNothingElse() {
    assertThat(WorkSettings.from(environment("TIDEMARK_S3_ENDPOINT", " ")))
        .isEqualTo(
            new WorkSettings(
                PostgresUrl.parse(URL),
                Optional.empty(),
                Optional.empty(),
                Reach.open(),
                Map.of(),
                Map.of(),
                Optional.empty()));
  }

  @Test
  void eachVariableIsRead() {
    assertThat(
            WorkSettings.from(
                environment(
                    "TIDEMARK_S3_ENDPOINT", "https://s3.example.org",
                    "TIDEMARK_S3_REGION", "eu",
                    "TIDEMARK_S3_BUCKET", "b",
                    "TIDEMARK_S3_ACCESS_KEY", "a",
                    "TIDEMARK_S3_SECRET_KEY", "s",
                    "TIDEMARK_OUTBOUND_HOSTS", "a.example,*.b.example",
                    "TIDEMARK_OUTBOUND_NETWORKS", "10.0.0.0/8",
                    "TIDEMARK_SHOP_TOKEN_7", "t",
                    "TIDEMARK_WEBHOOK_SECRET", "0123456789abcdef",
                    "TIDEMARK_WEBHOOK_SECRET_PARTNER", "fedcba9876543210",
                    "TIDEMARK_PG_DUMP", "/usr/bin/pg_dump")))
        .isEqualTo(
            new WorkSettings(
                PostgresUrl.parse(URL),
                Optional.of(
                    new S3Settings(URI.create("https://s3.example.org"), "eu", "b", "a", "s")),
                Optional.empty(),
                Reach.parse("a.example,*.b.example", "10.0.0.0/8"),
                Map.of(7, "t"),
                Map.of("default", "0123456789abcdef", "partner", "fedcba9876543210"),
                Optional.of(Path.of("/usr/bin/pg_dump"))));
    assertThat(WorkSettings.from(environment("TIDEMARK_STORAGE_DIRECTORY", "/files")).directory())
        .contains(Path.of("/files"));
  }

  @Test
  void whatCannotBeIsRefusedWithASentence() {
    refused("TIDEMARK_S3_ACCESS_KEY is not set", "TIDEMARK_S3_ENDPOINT", "https://s3.example.org");
    refused("TIDEMARK_S3_ENDPOINT has to look like", "TIDEMARK_S3_ENDPOINT", "s3 example");
    refused("TIDEMARK_OUTBOUND_NETWORKS: 'x' is no network", "TIDEMARK_OUTBOUND_NETWORKS", "x");
    refused("TIDEMARK_SHOP_TOKEN_X: the name has to end", "TIDEMARK_SHOP_TOKEN_X", "t");
    refused("at least 16 characters", "TIDEMARK_WEBHOOK_SECRET", "short");
    assertThatThrownBy(() -> WorkSettings.from(Map.of()))
        .hasMessage("TIDEMARK_POSTGRES_URL is not set");
  }

  private static void refused(String sentence, String... pairs) {
    assertThatThrownBy(() -> WorkSettings.from(environment(pairs)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  private static Catalog reference() {
    Path file = Path.of("../standalone/src/main/resources/reference/catalog.yml");
    return switch (CatalogReader.read(file)) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new AssertionError(String.join("\n", invalid.sentences()));
    };
  }

  @Test
  void everyTypeOfTheReferenceCatalogHasAHandlerAndEveryHandlerItsType() {
    Catalog catalog = reference();
    try (Handlers handlers =
        Handlers.open(WorkSettings.from(environment()), catalog, InstantSource.system())) {
      List<String> types =
          handlers.all().stream()
              .map(JobHandler::type)
              .filter(type -> !type.equals("count_products"))
              .toList();
      assertThat(types)
          .containsExactlyInAnyOrderElementsOf(
              catalog.jobs().types().stream().map(JobType::name).toList());
    }
  }

  @Test
  void whatOthersBringIsDoneAsWell() throws Exception {
    try (Rig rig = Rig.fresh();
        Handlers handlers =
            Handlers.open(
                WorkSettings.from(environment("TIDEMARK_POSTGRES_URL", libpq(rig.url()))),
                new Catalog(List.of()),
                InstantSource.system())) {
      rig.sql("INSERT INTO shop.products (sku, name, price) VALUES ('TE-0001', 'Tea', 1)");
      assertThat(run(handlers, "count_products")).isEqualTo(Map.of("products", 1));
    }
  }

  @Test
  void twoHandlersOfOneTypeAreRefused() {
    try (Handlers handlers =
        Handlers.open(
            WorkSettings.from(environment()), new Catalog(List.of()), InstantSource.system())) {
      List<JobHandler<?, ?>> twice = new ArrayList<>(handlers.all());
      twice.addAll(new Counting().handlers(handlers.means()));
      assertThatThrownBy(() -> Handlers.requireOneOfEach(twice))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("two handlers do jobs of the type count_products");
    }
  }

  @Test
  void withoutAStorageWhatNeedsOneSaysSo() throws Exception {
    try (Rig rig = Rig.fresh();
        Handlers handlers =
            Handlers.open(
                WorkSettings.from(environment("TIDEMARK_POSTGRES_URL", libpq(rig.url()))),
                new Catalog(List.of()),
                InstantSource.system())) {
      assertThatThrownBy(() -> run(handlers, "backup"))
          .hasMessage(
              "there is no storage: set TIDEMARK_S3_ENDPOINT or TIDEMARK_STORAGE_DIRECTORY");
    }
  }

  private static String libpq(PostgresUrl url) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(url.user(), url.password(), url.host(), url.port(), url.database());
  }

  private static Object run(Handlers handlers, String type) throws Exception {
    JobHandler<?, ?> handler =
        handlers.all().stream().filter(one -> one.type().equals(type)).findFirst().orElseThrow();
    return run(handler);
  }

  private static <I, O> Object run(JobHandler<I, O> handler) throws Exception {
    ObjectNode nothing = new ObjectMapper().createObjectNode();
    O result = handler.run(handler.input().cast(nothing), new TestContext());
    return result == null ? "nothing" : result;
  }
}
