package dev.tidemark.pipeline.resolution.core;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of one field, and by which rule.
 *
 * @param base the value that the device had seen; null if that is not known
 * @param client the value that the device set
 * @param server the value that the server had
 * @param result the value that the field has now
 */
public record FieldDecision(
    String field,
    Winner winner,
    Rule rule,
    @Nullable JsonNode base,
    JsonNode client,
    JsonNode server,
    JsonNode result) {
  public FieldDecision {
    requireNonNull(field, "field is null");
    requireNonNull(winner, "winner is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(client, "client is null");
    requireNonNull(server, "server is null");
    requireNonNull(result, "result is null");
  }

  /** Whose value it is. */
  public enum Winner {
    CLIENT,
    SERVER,
    BOTH;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why. */
  public enum Rule {
    /** Both have the same value. */
    EQUAL,
    /** Nobody else has changed it since the base. */
    UNCONTESTED,
    /** The device had already sent a later value. */
    LATE,
    /** The operation's strategy says so. */
    STRATEGY,
    /** It was written later, by corrected clocks. */
    LATER,
    /** The catalog's policy says so. */
    POLICY,
    /** The policy needs the base's value, and that is not known. */
    BASE_UNKNOWN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean contested() {
    return rule != Rule.EQUAL && rule != Rule.UNCONTESTED && rule != Rule.LATE;
  }
}
