package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

/** What an operator asks of capture for one entity type. */
public record CaptureCommand(Action action, String type) {
  /** What to do. */
  public enum Action {
    /** Read the whole table once more, between the changes. */
    SNAPSHOT,
    /** Take the table's present shape as the valid one, resume it and read it once more. */
    ACCEPT
  }

  public CaptureCommand {
    requireNonNull(action, "action is null");
    requireNonNull(type, "type is null");
  }
}
