package dev.tidemark.api.sync;

import dev.tidemark.contract.sync.SubmittedBatch;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The latest batches that this node accepted: the table of batches shows them a moment later. */
@Singleton
final class RecentBatches {
  private static final int MOST = 2_000;

  private final Map<Name, SubmittedBatch> batches =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, SubmittedBatch> eldest) {
          return size() > MOST;
        }
      };

  private record Name(String device, String batch) {}

  void put(SubmittedBatch batch) {
    synchronized (batches) {
      Name name = new Name(batch.device(), batch.id());
      batches.remove(name);
      batches.put(name, batch);
    }
  }

  Optional<SubmittedBatch> of(String device, String batch) {
    synchronized (batches) {
      return Optional.ofNullable(batches.get(new Name(device, batch)));
    }
  }
}
