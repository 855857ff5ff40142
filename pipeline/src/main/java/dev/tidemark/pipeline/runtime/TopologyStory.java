package dev.tidemark.pipeline.runtime;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topology in words, for the generated pages: it stands beside the code so that both change
 * together.
 *
 * @param purpose what it is for
 * @param operators what each operator does, by name, in reading order
 * @param stores what each store holds, by name
 * @param guarantees what a reader may rely on
 * @param costs what a change of the topology costs
 */
public record TopologyStory(
    String purpose,
    Map<String, String> operators,
    Map<String, String> stores,
    List<String> guarantees,
    List<String> costs) {
  public TopologyStory {
    requireNonNull(purpose, "purpose is null");
    operators = Collections.unmodifiableMap(new LinkedHashMap<>(operators));
    stores = Collections.unmodifiableMap(new LinkedHashMap<>(stores));
    guarantees = List.copyOf(guarantees);
    costs = List.copyOf(costs);
  }
}
