package dev.tidemark.api.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node remembers of workers that speak HTTP, and when it forgets. */
class OrdersTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ADA = "http-ada";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Instant now = NOON;
  private final Orders orders = new Orders(meters, () -> now);

  @Test
  void anOrderIsKeptUntilItWasHeard() {
    orders.take(begin(ADA, "a", 1, "{}"));
    assertThat(orders.toBegin(ADA, Map.of())).hasSize(1);
    assertThat(orders.toBegin(ADA, Map.of("b", 1))).hasSize(1);
    assertThat(orders.toBegin(ADA, Map.of("a", 1))).isEmpty();
    assertThat(orders.toBegin(ADA, Map.of())).isEmpty();
    orders.take(begin(ADA, "a", 2, "{}"));
    assertThat(orders.toBegin(ADA, Map.of("a", 1))).as("another attempt").hasSize(1);
  }

  @Test
  void ofOtherWorkersNothingIsKept() {
    orders.take(begin("node-1", "a", 1, "{}"));
    assertThat(orders.toBegin("node-1", Map.of())).isEmpty();
    assertThat(gauge("tidemark.http.workers.orders")).isZero();
  }

  @Test
  void whatIsAbandonedIsNotBegun() {
    orders.take(begin(ADA, "a", 2, "{}"));
    orders.take(new WorkOrder.End("a", 1, ADA, Why.ABANDONED));
    assertThat(orders.toBegin(ADA, Map.of())).hasSize(1);
    orders.take(new WorkOrder.End("a", 2, ADA, Why.ABANDONED));
    assertThat(orders.toBegin(ADA, Map.of())).isEmpty();
  }

  @Test
  void anEndIsOfOneAttemptAndNewsOnceInAWhile() {
    assertThat(orders.heard(ADA, Duration.ofSeconds(30))).isTrue();
    orders.take(new WorkOrder.End("a", 1, ADA, Why.LIMIT));
    assertThat(orders.toBegin(ADA, Map.of("a", 1))).isEmpty();
    assertThat(orders.toEnd(ADA, "a", 1)).contains(Why.LIMIT);
    assertThat(orders.toEnd(ADA, "a", 2)).isEmpty();
    assertThat(orders.isNews(ADA, "a")).isTrue();
    orders.told(ADA, java.util.List.of("a"));
    assertThat(orders.isNews(ADA, "a")).isFalse();
    now = now.plusSeconds(6);
    assertThat(orders.isNews(ADA, "a")).as("the answer may be lost").isTrue();
    orders.told(ADA, java.util.List.of("a"));
    orders.take(new WorkOrder.End("a", 1, ADA, Why.CANCELLED));
    assertThat(orders.isNews(ADA, "a")).as("it is another").isTrue();
  }

  @Test
  void aWorkerHasNoMoreOrdersThanItMay() {
    for (int i = 0; i < Orders.MOST_OF_WORKER + 50; i++) {
      orders.take(begin(ADA, "job " + i, 1, "{}"));
      orders.take(new WorkOrder.End("end " + i, 1, ADA, Why.LIMIT));
    }
    assertThat(orders.toBegin(ADA, Map.of())).hasSize(Orders.MOST_OF_WORKER);
    assertThat(meters.get("tidemark.http.workers.dropped").counter().count()).isEqualTo(100);
  }

  @Test
  void allTogetherTakeNoMoreRoomThanTheyMay() {
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 100; i++) {
      orders.take(begin("http-" + i, "a", 1, large));
    }
    int kept = (int) gauge("tidemark.http.workers.orders");
    assertThat(kept).isEqualTo((int) (Orders.MOST_CHARACTERS / (large.length() + 500)));
    orders.drop("http-0", "a", 1);
    orders.take(begin("http-99", "a", 1, large));
    assertThat(gauge("tidemark.http.workers.orders")).isEqualTo(kept);
    assertThat(orders.toBegin("http-99", Map.of())).hasSize(1);
  }

  @Test
  void thereAreNoMoreWorkersThanThereMayBe() {
    for (int i = 0; i < Orders.MOST_WORKERS; i++) {
      assertThat(orders.heard("http-" + i, Duration.ofSeconds(30))).isTrue();
    }
    assertThat(orders.heard("http-more", Duration.ofSeconds(30))).isFalse();
    orders.take(begin("http-more", "a", 1, "{}"));
    assertThat(orders.toBegin("http-more", Map.of())).isEmpty();
    assertThat(gauge("tidemark.http.workers")).isEqualTo(Orders.MOST_WORKERS);
    now = now.plusSeconds(31);
    orders.tidy(_ -> false);
    assertThat(gauge("tidemark.http.workers")).isZero();
    assertThat(orders.heard("http-more", Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void whatIsOverIsForgotten() {
    orders.take(begin(ADA, "over", 1, "{}"));
    orders.take(begin(ADA, "runs", 1, "{}"));
    orders.take(new WorkOrder.End("over", 1, ADA, Why.CANCELLED));
    orders.tidy(order -> order.id().equals("over"));
    assertThat(orders.toBegin(ADA, Map.of())).hasSize(1);
    assertThat(orders.toEnd(ADA, "over", 1)).isEmpty();
    now = now.plus(Duration.ofHours(2));
    orders.tidy(_ -> false);
    assertThat(orders.toBegin(ADA, Map.of())).as("past its hard limit").isEmpty();
  }

  @Test
  void aSecondClaimEndsTheFirst() throws Exception {
    long first = orders.enter(ADA);
    assertThat(orders.isOpen(ADA, first)).isTrue();
    long second = orders.enter(ADA);
    assertThat(orders.isOpen(ADA, first)).isFalse();
    orders.await(ADA, first, orders.taken(ADA), Duration.ofHours(1));
    orders.leave(ADA, first);
    assertThat(orders.claims(ADA)).isTrue();
    orders.leave(ADA, second);
    assertThat(orders.claims(ADA)).isFalse();
    long third = orders.enter(ADA);
    orders.close();
    assertThat(orders.isOpen(ADA, third)).isFalse();
    orders.await(ADA, third, orders.taken(ADA), Duration.ofHours(1));
  }

  @Test
  void whoGoesTakesNothingAlong() {
    orders.take(begin(ADA, "a", 1, "{}"));
    assertThat(orders.forget(ADA)).hasSize(1);
    assertThat(gauge("tidemark.http.workers.orders")).isZero();
    assertThat(orders.forget(ADA)).isEmpty();
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private static WorkOrder.Begin begin(String worker, String id, int attempt, String input) {
    return new WorkOrder.Begin(
        id,
        attempt,
        worker,
        "type",
        input,
        NOON.plusSeconds(60),
        NOON.plusSeconds(3600),
        Optional.empty());
  }
}
