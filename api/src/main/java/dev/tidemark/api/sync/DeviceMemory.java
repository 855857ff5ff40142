package dev.tidemark.api.sync;

import dev.tidemark.contract.EntityKey;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * What is kept of devices whose protocol leaves them no room to carry it themselves. Every call may
 * block, and throws {@link dev.tidemark.api.problem.AwayException} if Postgres does not answer.
 */
public interface DeviceMemory {
  /** The largest number of a set; the numbers begin with 1. */
  int MOST_SETS = 8_191;

  /** So many rows may be owed to a device; beyond that it is told everything. */
  int MOST_OWED = 10_000;

  /** What a device was reading under a number. */
  Optional<ReadSet> readSet(String device, int number);

  /** The number of what a device reads; the same as long as it reads the same. */
  int numberOf(String device, ReadSet set);

  /**
   * Notes rows that a device has to be told although nothing happens to them. If they are too many,
   * they and what the device was reading are forgotten, so that it is told everything.
   *
   * @param at where the log ended then
   */
  void owe(String device, Collection<EntityKey> rows, long at);

  /**
   * Rows that a device has to be told which has read up to an offset; what is owed since before
   * that has been told, and is forgotten.
   */
  Set<EntityKey> owed(String device, long readUpTo);
}
