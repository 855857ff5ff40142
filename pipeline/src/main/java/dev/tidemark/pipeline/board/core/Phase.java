package dev.tidemark.pipeline.board.core;

import dev.tidemark.contract.job.JobState;
import java.util.Locale;
import java.util.Optional;

/** Where a job is in its life, as lists and counts tell it apart. */
public enum Phase {
  /** It waits for its time and was never begun. */
  SCHEDULED('s'),
  /** An attempt failed, and it waits for the next. */
  RETRYING('t'),
  /** It could begin. */
  READY('r'),
  /** Somebody works on it. */
  RUNNING('x'),
  /** It is done. */
  COMPLETED('c'),
  /** It will not be tried again by itself: it is among the dead letters of its queue. */
  FAILED('f'),
  /** Somebody wanted it no more. */
  CANCELLED('n'),
  /** It was never taken: another counts as the same. */
  REFUSED('d');

  private final char code;

  Phase(char code) {
    this.code = code;
  }

  /** What it is in a store. */
  public byte code() {
    return (byte) code;
  }

  /** Reads what {@link #code} wrote. */
  public static Phase ofCode(byte code) {
    for (Phase phase : values()) {
      if (phase.code == code) {
        return phase;
      }
    }
    throw new IllegalArgumentException("there is no phase " + code);
  }

  public static Phase of(JobState job) {
    return switch (job.status()) {
      case SCHEDULED -> job.failures().isEmpty() ? SCHEDULED : RETRYING;
      case READY -> READY;
      case RUNNING -> RUNNING;
      case COMPLETED -> COMPLETED;
      case FAILED -> FAILED;
      case CANCELLED -> CANCELLED;
      case REFUSED -> REFUSED;
    };
  }

  public static Optional<Phase> of(String text) {
    for (Phase phase : values()) {
      if (phase.text().equals(text)) {
        return Optional.of(phase);
      }
    }
    return Optional.empty();
  }

  /** The word for it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing happens any more unless somebody asks for it. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == CANCELLED || this == REFUSED;
  }
}
