package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** Whether the brokers answer. */
record KafkaHealth(Supplier<@Nullable Admin> admin) implements HealthComponent {
  private static final long PATIENCE_MILLIS = 1_500;

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public Health check() throws InterruptedException {
    Admin asked = admin.get();
    if (asked == null) {
      return Health.down("starting or stopping");
    }
    try {
      int nodes =
          asked.describeCluster().nodes().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).size();
      return Health.up(nodes == 1 ? "1 broker answers" : nodes + " brokers answer");
    } catch (ExecutionException | TimeoutException e) {
      return Health.down("the brokers do not answer: " + e);
    }
  }
}
