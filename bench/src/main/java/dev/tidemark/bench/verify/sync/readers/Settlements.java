package dev.tidemark.bench.verify.sync.readers;

import dev.tidemark.contract.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What devices were told that has become of their writes: a pull after it must not lack them. */
public final class Settlements {
  private final Map<String, Settled> last = new ConcurrentHashMap<>();

  /** A row, by type/id, as an outcome has it. */
  record Settled(String key, Version version) {}

  /** A device that sees a scope was told of a row's version. */
  public void add(String scope, String key, String version) {
    last.put(scope, new Settled(key, Version.parse(version)));
  }

  /** The last one in one of these scopes. */
  Optional<Settled> lastIn(Set<String> scopes) {
    List<Settled> all = new ArrayList<>();
    for (String scope : scopes) {
      Settled settled = last.get(scope);
      if (settled != null) {
        all.add(settled);
      }
    }
    return all.stream().findFirst();
  }
}
