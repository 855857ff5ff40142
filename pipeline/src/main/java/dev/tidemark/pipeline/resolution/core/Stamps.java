package dev.tidemark.pipeline.resolution.core;

import dev.tidemark.contract.Version;
import dev.tidemark.pipeline.entities.core.EntityState;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who gave each field of a row its value, found out when asked: most are never asked for. */
final class Stamps extends AbstractMap<String, Stamp> {
  private final EntityState.Live live;

  Stamps(EntityState.Live live) {
    this.live = live;
  }

  @Override
  public @Nullable Stamp get(@Nullable Object field) {
    if (!(field instanceof String name)) {
      return null;
    }
    Version version = live.fieldVersions().get(name);
    return version == null ? null : Knowledge.stamp(live.memory(), name, version);
  }

  @Override
  public boolean containsKey(@Nullable Object field) {
    return live.fieldVersions().containsKey(field);
  }

  @Override
  public Set<Map.Entry<String, Stamp>> entrySet() {
    Map<String, Stamp> all = new LinkedHashMap<>();
    live.fieldVersions()
        .forEach(
            (field, version) -> all.put(field, Knowledge.stamp(live.memory(), field, version)));
    return all.entrySet();
  }
}
