package dev.tidemark.api.log;

import dev.tidemark.api.settings.Variables;

/** What a log line looks like: {@code TIDEMARK_LOG=json|text}. */
public enum LogFormat {
  /** One JSON object per line. */
  JSON,
  /** For a person at a console. */
  TEXT;

  public static LogFormat from(Variables variables) {
    return variables.read("TIDEMARK_LOG", "json or text", LogFormat::of).orElse(JSON);
  }

  private static LogFormat of(String text) {
    return switch (text) {
      case "json" -> JSON;
      case "text" -> TEXT;
      default -> throw new IllegalArgumentException("not a log format");
    };
  }
}
