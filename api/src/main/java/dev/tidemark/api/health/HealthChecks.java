package dev.tidemark.api.health;

import dev.tidemark.api.health.HealthComponent.Health;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all components at once, and takes no answer in time for an answer. */
@Singleton
final class HealthChecks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<HealthComponent> components;
  private final ExecutorService blocking;

  HealthChecks(
      HealthComponents components, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
    this.components = components.all();
    this.blocking = blocking;
  }

  Map<String, Health> ask() {
    Map<String, CompletableFuture<Health>> asked = new LinkedHashMap<>();
    for (HealthComponent component : components) {
      asked.put(
          component.name(),
          CompletableFuture.supplyAsync(() -> check(component), blocking)
              .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
    Map<String, Health> answers = new LinkedHashMap<>();
    asked.forEach((name, answer) -> answers.put(name, await(name, answer)));
    return answers;
  }

  private static Health check(HealthComponent component) {
    try {
      return component.check();
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private static Health await(String name, CompletableFuture<Health> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        return Health.down("did not answer within " + PATIENCE.toMillis() + " ms");
      }
      LOG.warn("The health of {} could not be determined; it counts as down", name, e);
      return Health.down("could not be determined; see the log");
    }
  }
}
