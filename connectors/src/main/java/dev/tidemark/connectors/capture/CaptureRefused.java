package dev.tidemark.connectors.capture;

import static java.util.Objects.requireNonNull;

/** Capture cannot go on until a person has done something, which the remedy names. */
final class CaptureRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final String remedy;

  CaptureRefused(String reason, String remedy) {
    super(requireNonNull(reason, "reason is null"));
    this.remedy = requireNonNull(remedy, "remedy is null");
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  String remedy() {
    return remedy;
  }
}
