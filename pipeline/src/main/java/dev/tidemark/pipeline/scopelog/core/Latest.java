package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Version;

/**
 * Where the entry of a row in a scope is, and what it takes to replace it.
 *
 * @param position where it is
 * @param entered where the row was first told of, in whatever scope, as far as this log knows
 * @param version the row's version there
 * @param put whether the row is in the scope
 */
public record Latest(Position position, Position entered, Version version, boolean put) {
  public Latest {
    requireNonNull(position, "position is null");
    requireNonNull(entered, "entered is null");
    requireNonNull(version, "version is null");
  }
}
