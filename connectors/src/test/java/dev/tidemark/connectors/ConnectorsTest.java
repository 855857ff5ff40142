package dev.tidemark.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.connectors.management.ManagementSettings;
import dev.tidemark.connectors.write.WriterSettings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.servers.Servers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorsTest {
  private static final String TOKEN = "a-token-for-tests-only";
  private static final Catalog CATALOG =
      new Catalog(
          List.of(
              new EntityType(
                  "note",
                  "",
                  new TableName("public", "note"),
                  List.of("id"),
                  List.of(),
                  List.of(new ScopeTemplate("public")),
                  List.of(),
                  Map.of())));

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void itIsReadyOnceChangesFlowAndTellsItsMetrics() throws Exception {
    try (Servers servers = Servers.forTests()) {
      try (Connection connection = PostgresUrl.parse(servers.postgresUrl()).connect("test");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (id int PRIMARY KEY)");
      }
      try (Connectors connectors =
          Connectors.start(settings(servers.postgresUrl(), servers.kafka()))) {
        await("readiness")
            .atMost(Duration.ofSeconds(60))
            .until(() -> get(connectors, "/health/readiness").statusCode() == 200);
        assertThat(get(connectors, "/prometheus").body())
            .contains("tidemark_capture_slot_bytes")
            .contains("tidemark_capture_lag_seconds_bucket")
            .contains("jvm_memory_used_bytes");
      }
    }
  }

  @Test
  void withoutABrokerItIsAliveAndSaysWhatItWaitsFor() throws Exception {
    try (Connectors connectors =
        Connectors.start(settings("postgresql://a:b@127.0.0.1:1/none", "127.0.0.1:1"))) {
      assertThat(get(connectors, "/health/liveness").statusCode()).isEqualTo(200);
      HttpResponse<String> readiness = get(connectors, "/health/readiness");
      assertThat(readiness.statusCode()).isEqualTo(503);
      assertThat(readiness.body()).contains("asking Kafka for its topics");
    }
  }

  @Test
  void wrongSettingsEndTheProcessWithASentence() throws Exception {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Connectors.class.getName())
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TIDEMARK_"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(errors).hasContent("tidemark connectors: TIDEMARK_POSTGRES_URL is not set");
  }

  private static ConnectorsSettings settings(String postgres, String kafka) {
    return new ConnectorsSettings(
        CaptureSettings.of(postgres, kafka),
        WriterSettings.of(postgres, kafka),
        Optional.empty(),
        CATALOG,
        2,
        1,
        new ManagementSettings("127.0.0.1", 0, Optional.of(TOKEN)));
  }

  private HttpResponse<String> get(Connectors connectors, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connectors.managementPort() + path))
            .header("Authorization", "Bearer " + TOKEN)
            .build(),
        BodyHandlers.ofString());
  }
}
