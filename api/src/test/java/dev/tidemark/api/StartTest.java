package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartTest {
  @Test
  void anApiStartsOnAFreePortAnswersAndStops() {
    RunningApi api = Api.start(ApiUnderTest.SETTINGS);
    try (api) {
      assertThat(api.port()).isPositive();
    }
    long before = System.nanoTime();
    try (ApiUnderTest second = new ApiUnderTest()) {
      System.err.println("started in " + (System.nanoTime() - before) / 1_000_000 + " ms");
      System.err.println(second.get("/health/liveness"));
      System.err.println(second.get("/health/liveness").headers().map());
      System.err.println(second.get("/health").body());
      System.err.println(second.get("/problems/not-found").body());
      System.err.println(second.get("/problems/not-found", Tokens.of("device")).body());
      System.err.println(second.get("/nowhere", Tokens.of("device")).body());
      System.err.println(second.get("/nowhere", "abc").headers().map());
      System.err.println(second.get("/prometheus", Tokens.of("device")).body());
      System.err.println(second.get("/prometheus", Tokens.of("operator")).body().length());
    }
  }
}
