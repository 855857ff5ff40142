package dev.tidemark.api.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** No tier that nodes share: each keeps what it fetched. */
public final class NoSharedTier implements SharedTier {
  @Override
  public Look look(String key) {
    return new Look.Away();
  }

  @Override
  public Optional<Answer> peek(String key) {
    return Optional.empty();
  }

  @Override
  public boolean fill(Look.Lease lease, Answer answer) {
    return false;
  }

  @Override
  public void release(String key, Look.Lease lease) {}

  @Override
  public void drop(String key) {}

  @Override
  public List<String> sample(int count) {
    return List.of();
  }

  @Override
  public boolean elect(String task, Duration term) {
    return true;
  }

  @Override
  public Status status() {
    return new Status(false, false, 0, "TIDEMARK_REDIS is not set", Map.of());
  }
}
