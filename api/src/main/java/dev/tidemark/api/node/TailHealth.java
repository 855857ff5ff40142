package dev.tidemark.api.node;

import dev.tidemark.api.health.HealthComponent;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether outcomes are listened to. */
record TailHealth(Supplier<@Nullable OutcomeTail> tail) implements HealthComponent {
  private static final Duration LATELY = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "outcomes";
  }

  @Override
  public Health check() {
    OutcomeTail asked = tail.get();
    if (asked == null) {
      return Health.down("starting or stopping");
    }
    return asked.sincePoll().compareTo(LATELY) <= 0
        ? Health.up("listening")
        : Health.down("outcomes were not asked for since " + asked.sincePoll().toSeconds() + " s");
  }
}
