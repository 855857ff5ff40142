package dev.tidemark.pipeline.cache;

import dev.tidemark.pipeline.runtime.TopologyStory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cache topology in words. */
final class CacheStory {
  private CacheStory() {}

  static TopologyStory tell() {
    Map<String, String> operators = new LinkedHashMap<>();
    operators.put(
        CacheTopology.CHANGES,
        "Reads every change topic, without waiting for the transactions that carry them through"
            + " Kafka.");
    operators.put(
        CacheTopology.DERIVE,
        "Maps both images of a changed row to the answers that show it: their keys, groups of them,"
            + " the entity itself where answers say in which of them it was found, and the same for"
            + " views that depend on those. What a snapshot reads changes nothing.");
    operators.put(CacheTopology.INVALIDATIONS, "Tells every node.");
    operators.put(CacheTopology.PUT_ASIDE, "Reads what became a dead letter.");
    operators.put(
        CacheTopology.DERIVE_LOST,
        "A change that was put aside happened all the same: all answers go that could depend on its"
            + " type.");
    operators.put(CacheTopology.LOST, "Tells every node.");
    return new TopologyStory(
        "Says of every change which answers of views it makes untrue.",
        operators,
        Map.of(),
        List.of(
            "Every committed change is looked at, at least once. An invalidation that comes twice,"
                + " or in another order, does the same.",
            "An invalidation names the transaction. Whoever read in a snapshot that shows it keeps"
                + " its answer.",
            "Where a row does not say enough (an old row that the log does not have whole, a"
                + " truncate, a dead letter), more goes than has to, down to all answers of a"
                + " view."),
        List.of(
            "There is no store: nothing has to be restored or moved.",
            "At a first start the changes of the last two days are looked at."));
  }
}
