package dev.tidemark.pipeline.entities.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an entity beyond its row, so that an operation can be judged by what its
 * device had seen. All of it is bounded. Maps are shared, as an entity's state shares its own.
 *
 * @param authors the origin of each version that a field still has, where that was a device
 * @param seen by device, what it was shown last
 * @param past by field, the values it had before the present one, oldest first; only fields that
 *     count from a former value have any
 */
public record Memory(
    Map<Version, Origin> authors, Map<String, Seen> seen, Map<String, List<Past>> past) {
  public static final Memory NONE = new Memory(Map.of(), Map.of(), Map.of());

  /** Of more devices than that, those that were shown something longest ago are forgotten. */
  static final int MOST_DEVICES = 16;

  /** A device that was away for more changes of one counter has to say what it had seen. */
  static final int MOST_VALUES = 64;

  public Memory {
    authors = Collections.unmodifiableMap(authors);
    seen = Collections.unmodifiableMap(seen);
    past = Collections.unmodifiableMap(past);
  }

  /**
   * After a change that left these versions; {@code before} is the row it found, if it is known.
   */
  Memory after(
      EntityChange change,
      @Nullable ObjectNode before,
      Map<String, Version> versionsBefore,
      Map<String, Version> versionsAfter,
      Set<String> remembered) {
    Origin origin = change.origin();
    String device = origin == null ? null : origin.device();
    if (device == null && authors.isEmpty() && seen.isEmpty() && remembered.isEmpty()) {
      return NONE;
    }
    return new Memory(
        authorsAfter(change, versionsAfter),
        seenAfter(device, change.version(), change.committedAt()),
        before == null ? Map.of() : pastAfter(change, before, versionsBefore, remembered));
  }

  /** A device was shown the entity as of a version. */
  Memory shown(String device, Version version, Instant at) {
    return new Memory(authors, seenAfter(device, version, at), past);
  }

  private Map<Version, Origin> authorsAfter(
      EntityChange change, Map<String, Version> versionsAfter) {
    Map<Version, Origin> after = new HashMap<>();
    authors.forEach(
        (version, author) -> {
          if (versionsAfter.containsValue(version)) {
            after.put(version, author);
          }
        });
    Origin origin = change.origin();
    if (origin != null && origin.device() != null) {
      after.put(change.version(), origin);
    }
    return after;
  }

  private Map<String, Seen> seenAfter(@Nullable String device, Version version, Instant at) {
    if (device == null) {
      return seen;
    }
    Map<String, Seen> after = new HashMap<>(seen);
    after.put(device, new Seen(version, at));
    while (after.size() > MOST_DEVICES) {
      after.entrySet().stream()
          .min(Map.Entry.comparingByValue((one, other) -> one.version().compareTo(other.version())))
          .ifPresent(oldest -> after.remove(oldest.getKey()));
    }
    return after;
  }

  private Map<String, List<Past>> pastAfter(
      EntityChange change,
      ObjectNode before,
      Map<String, Version> versionsBefore,
      Set<String> remembered) {
    if (remembered.isEmpty()) {
      return past;
    }
    Map<String, List<Past>> after = new LinkedHashMap<>(past);
    for (String field : change.changed()) {
      Version version = versionsBefore.get(field);
      if (!remembered.contains(field) || version == null) {
        continue;
      }
      JsonNode value = before.get(field);
      Origin author = authors.get(version);
      List<Past> values = new ArrayList<>(after.getOrDefault(field, List.of()));
      values.add(
          new Past(
              version,
              value == null ? NullNode.getInstance() : value,
              author == null ? null : author.device()));
      after.put(
          field,
          List.copyOf(
              values.size() > MOST_VALUES
                  ? values.subList(values.size() - MOST_VALUES, values.size())
                  : values));
    }
    return after;
  }
}
