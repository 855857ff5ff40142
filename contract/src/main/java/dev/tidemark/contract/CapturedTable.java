package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table as capture knows it.
 *
 * @param type the entity type
 * @param state whether its changes flow
 * @param columns its columns and their types, in the table's order
 * @param reason why its changes do not flow; empty if they do
 * @param scopes the scope templates by which its rows are told; while {@code telling}, also those
 *     by which some may have been told before. Empty if none was ever told
 * @param telling whether rows that were there before are still being read to be told by these
 *     scopes. Nobody else need wait for that: a table that is live stays it
 */
public record CapturedTable(
    String type,
    State state,
    Map<String, String> columns,
    String reason,
    List<String> scopes,
    boolean telling) {
  /** Whether changes of a table flow. */
  public enum State {
    /** Changes flow, and all rows that were there before have been read. */
    LIVE,
    /** Changes flow; rows that were there before are still being read. */
    READING,
    /**
     * The table has changed in a way that readers cannot follow: its inserts and updates go to the
     * dead-letter topic until an operator accepts the new shape.
     */
    STOPPED
  }

  public CapturedTable {
    requireNonNull(type, "type is null");
    requireNonNull(state, "state is null");
    requireNonNull(reason, "reason is null");
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    scopes = List.copyOf(scopes);
  }

  /** A table whose rows were never told by scope. */
  public CapturedTable(String type, State state, Map<String, String> columns, String reason) {
    this(type, state, columns, reason, List.of(), false);
  }
}
