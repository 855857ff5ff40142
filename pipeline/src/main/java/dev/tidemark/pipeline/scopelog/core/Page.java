package dev.tidemark.pipeline.scopelog.core;

import java.util.List;

/**
 * What a device gets next.
 *
 * @param changes in the order in which they are to be applied
 * @param reading how far it has read then
 * @param more whether there is more right now
 */
public record Page(List<Told> changes, Reading reading, boolean more) {
  public Page {
    changes = List.copyOf(changes);
  }

  /**
   * A change for a device.
   *
   * @param entry what it is about
   * @param put whether the device gets the row; otherwise it loses it
   * @param json the change, as it goes out
   */
  public record Told(Entry entry, boolean put, byte[] json) {
    static Told of(Entry entry) {
      return new Told(entry, entry.put(), entry.change());
    }
  }
}
