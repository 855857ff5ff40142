package dev.tidemark.api.interop;

import dev.tidemark.api.sync.DeviceMemory;
import java.util.Optional;

/**
 * The number that WatermelonDB keeps of a pull: how far the log was, and what was read of it.
 *
 * @param offset where the log ended
 * @param set the number of what the device was reading
 */
record LastPulled(long offset, int set) {
  private static final int SETS = DeviceMemory.MOST_SETS + 1;

  /** JavaScript loses digits from 2^53 on. */
  private static final long MOST = 1L << 53;

  LastPulled {
    if (offset < 0 || offset >= MOST / SETS || set < 1 || set >= SETS) {
      throw new IllegalArgumentException(offset + " and " + set + " make no timestamp");
    }
  }

  long timestamp() {
    return offset * SETS + set;
  }

  /** Empty if no pull can have been answered so. */
  static Optional<LastPulled> of(long timestamp) {
    return timestamp > 0 && timestamp < MOST && timestamp % SETS != 0
        ? Optional.of(new LastPulled(timestamp / SETS, Math.toIntExact(timestamp % SETS)))
        : Optional.empty();
  }
}
