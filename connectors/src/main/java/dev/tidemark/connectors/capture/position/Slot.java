package dev.tidemark.connectors.capture.position;

import static java.util.Objects.requireNonNull;

/**
 * A replication slot as Postgres shows it.
 *
 * @param confirmed the position up to which the consumer has confirmed
 * @param lost whether Postgres has invalidated it
 * @param active whether somebody reads it now
 */
public record Slot(String name, long confirmed, boolean lost, boolean active) {
  public Slot {
    requireNonNull(name, "name is null");
  }
}
