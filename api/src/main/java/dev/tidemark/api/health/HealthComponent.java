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
  record Health(boolean up, String detail) {
    public Health {
      requireNonNull(detail, "detail is null");
    }

    public static Health up(String detail) {
      return new Health(true, detail);
    }

    public static Health down(String detail) {
      return new Health(false, detail);
    }
  }
}
