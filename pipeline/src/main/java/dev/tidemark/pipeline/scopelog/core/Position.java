package dev.tidemark.pipeline.scopelog.core;

/**
 * A place in the log of every scope. One record of the topic can end many rows, hence the second
 * number.
 *
 * @param offset the record's offset in the topic
 * @param index which of the entries that the record has made
 */
public record Position(long offset, int index) implements Comparable<Position> {
  public static final Position START = new Position(0, 0);

  public Position {
    if (offset < 0 || index < 0) {
      throw new IllegalArgumentException(offset + "." + index + " is not a position");
    }
  }

  /** Before everything that the record at this offset has made. */
  public static Position of(long offset) {
    return new Position(offset, 0);
  }

  /** The place right behind. */
  public Position next() {
    return index == Integer.MAX_VALUE ? of(offset + 1) : new Position(offset, index + 1);
  }

  public boolean isBefore(Position other) {
    return compareTo(other) < 0;
  }

  public static Position later(Position one, Position other) {
    return one.isBefore(other) ? other : one;
  }

  @Override
  public int compareTo(Position other) {
    int byOffset = Long.compare(offset, other.offset);
    return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return offset + "." + index;
  }
}
