package dev.tidemark.api.health;

import static java.util.Objects.requireNonNull;

/**
 * One part of the system that can be well or not. The process that hosts the api adds its own.
 *
 * <p>{@code check} is called from a thread that may block, and is given two seconds.
 */
public interface HealthComponent {
  /** A short lower-case name, such as {@code kafka}. */
  String name();

  Health check() throws Exception;

  /**
   * How a component is.
   *
   * @param detail a sentence for the operator; never shown to others
   */
  record Health(State state, String detail) {
    /** How well. */
    public enum State {
      UP,
      /** It does its work, with a part of it missing. */
      DEGRADED,
      DOWN
    }

    public Health {
      requireNonNull(state, "state is null");
      requireNonNull(detail, "detail is null");
    }

    public static Health up(String detail) {
      return new Health(State.UP, detail);
    }

    public static Health degraded(String detail) {
      return new Health(State.DEGRADED, detail);
    }

    public static Health down(String detail) {
      return new Health(State.DOWN, detail);
    }
  }
}
