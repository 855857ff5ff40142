package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.health.HealthComponent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HealthTest {
  private interface Check {
    HealthComponent.Health check() throws Exception;
  }

  private record Component(String name, Check check0) implements HealthComponent {
    @Override
    public Health check() throws Exception {
      return check0.check();
    }
  }

  private static final Component WELL =
      new Component("kafka", () -> HealthComponent.Health.up("1 broker answers"));
  private static final Component UNWELL =
      new Component("redis", () -> HealthComponent.Health.down("connection refused"));
  private static final Component BROKEN =
      new Component(
          "capture",
          () -> {
            throw new IOException("password=hunter2");
          });

  @Test
  void detailsAreForOperatorsAndTheStatusForEveryone() {
    try (ApiUnderTest api = api(List.of(WELL, UNWELL))) {
      assertThat(api.get("/health").statusCode()).isEqualTo(503);
      assertThat(api.get("/health").body()).isEqualTo("{\"status\":\"DOWN\"}");
      assertThat(api.get("/health", Tokens.of("device")).body()).isEqualTo("{\"status\":\"DOWN\"}");
      assertThat(api.get("/health", Tokens.of("admin")).statusCode()).isEqualTo(503);
      JsonNode told = ApiUnderTest.json(api.get("/health/readiness", Tokens.of("operator")));
      assertThat(told.path("components").path("kafka").path("status").asText()).isEqualTo("UP");
      assertThat(told.path("components").path("redis").path("detail").asText())
          .isEqualTo("connection refused");
    }
  }

  @Test
  void aLiveProcessIsAliveWhateverItsComponentsAre() {
    try (ApiUnderTest api = api(List.of(UNWELL))) {
      assertThat(api.get("/health/liveness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aComponentThatFailsOrHangsIsDownAndTheOthersAreStillAsked() {
    CountDownLatch never = new CountDownLatch(1);
    Component hanging =
        new Component(
            "postgres",
            () -> {
              never.await();
              return HealthComponent.Health.up("");
            });
    try (ApiUnderTest api = api(List.of(BROKEN, hanging, WELL))) {
      var response = api.get("/health", Tokens.of("operator"));
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body()).doesNotContain("hunter2");
      JsonNode components = ApiUnderTest.json(response).path("components");
      assertThat(components.path("capture").path("status").asText()).isEqualTo("DOWN");
      assertThat(components.path("postgres").path("detail").asText())
          .isEqualTo("did not answer within 2000 ms");
      assertThat(components.path("kafka").path("status").asText()).isEqualTo("UP");
    } finally {
      never.countDown();
    }
  }

  private static ApiUnderTest api(List<HealthComponent> components) {
    return ApiUnderTest.start(ApiUnderTest.settings(), new FakeEntities(), components, List.of());
  }
}
