package dev.tidemark.bench.sync;

import dev.tidemark.bench.decide.DecisionCosts;
import dev.tidemark.bench.sync.Load.Figures;
import java.util.List;
import java.util.Optional;

/**
 * All that was measured.
 *
 * @param limit plain transactions, by the number of clients
 * @param open batches that begin at their time
 * @param closed devices one batch after the other, by their number
 * @param million the largest number of devices on a table of a million rows
 */
record SyncResults(
    List<Figures> limit,
    Figures open,
    List<Figures> closed,
    Backlog backlog,
    Optional<Figures> million,
    DecisionCosts decision) {}
