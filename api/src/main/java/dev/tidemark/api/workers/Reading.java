package dev.tidemark.api.workers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.jobs.JobFaults;
import dev.tidemark.api.jobs.JobFields;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what workers say. */
final class Reading {
  static final int MOST_SLOTS = 100;
  static final int MOST_RUNNING = 200;
  static final int MOST_LINES = 100;
  static final int LONGEST_RESULT = 100_000;
  static final int LONGEST_ERROR = 2_000;
  static final int LONGEST_STATE = 10_000;
  static final int LONGEST_TEXT = 500;

  private static final int SHORTEST_LEASE = 5;
  private static final int LONGEST_LEASE = 300;
  private static final int LEASE = 30;
  private static final String ATTEMPT = "attempt";

  private final ObjectNode json;
  private final JobFaults faults = new JobFaults();
  private final JobFields fields;

  /**
   * @param names of the fields that there may be
   */
  Reading(ObjectNode json, List<String> names) {
    this.json = json;
    fields = new JobFields(json, "", faults);
    fields.only(names);
  }

  /** What a worker is. */
  Shift shift(String worker, JobCatalog catalog) {
    Set<String> types = types(catalog);
    int slots = fields.number("slots", 1, MOST_SLOTS).orElse(1);
    int lease = fields.number("lease_seconds", SHORTEST_LEASE, LONGEST_LEASE).orElse(LEASE);
    Map<String, Integer> running = running();
    faults.refuse();
    return new Shift(worker, types, slots, Duration.ofSeconds(lease), running);
  }

  private Set<String> types(JobCatalog catalog) {
    Set<String> types = new LinkedHashSet<>();
    JsonNode given = json.path("types");
    if (!given.isArray() || given.isEmpty() || given.size() > catalog.types().size()) {
      faults.add(
          "/types", "'types' lists the types of jobs that it does, of those in the catalog.");
      return types;
    }
    for (int i = 0; i < given.size(); i++) {
      String type = given.get(i).asText();
      if (!given.get(i).isTextual() || catalog.type(type).isEmpty()) {
        faults.add("/types/" + i, "The catalog names no such type of jobs.");
      } else {
        types.add(type);
      }
    }
    return types;
  }

  private Map<String, Integer> running() {
    Map<String, Integer> running = new HashMap<>();
    ObjectNode given = fields.object("running").orElse(null);
    if (given == null) {
      return running;
    }
    if (given.size() > MOST_RUNNING) {
      fields.fault("running", "Nobody makes more than " + MOST_RUNNING + " attempts at a time.");
      return running;
    }
    given
        .properties()
        .forEach(
            one -> {
              JsonNode attempt = one.getValue();
              if (Place.ofId(one.getKey()).isEmpty()) {
                faults.add(at(one.getKey()), "This is no id of a job.");
              } else if (!attempt.isInt() || attempt.intValue() < 1) {
                faults.add(at(one.getKey()), "Here goes the number of the attempt.");
              } else {
                running.put(one.getKey(), attempt.intValue());
              }
            });
    return running;
  }

  private static String at(String id) {
    return "/running/" + JobFaults.escaped(id);
  }

  int attempt() {
    if (!fields.has(ATTEMPT)) {
      fields.fault(ATTEMPT, "Say which attempt: 'attempt'.");
      return 0;
    }
    return fields.number(ATTEMPT, 1, Integer.MAX_VALUE).orElse(0);
  }

  Optional<String> result() {
    return json("result", LONGEST_RESULT);
  }

  String state() {
    if (!fields.has("state")) {
      fields.fault("state", "Say what is to be kept: 'state'.");
    }
    return json("state", LONGEST_STATE).orElse("");
  }

  private Optional<String> json(String field, int longest) {
    JsonNode value = fields.value(field);
    if (value == null) {
      return Optional.empty();
    }
    try {
      String text = WireSerdes.exactJson().writeValueAsString(value);
      if (text.length() > longest) {
        fields.fault(
            field,
            "'%s' has %,d characters as JSON, and may have %,d."
                .formatted(field, text.length(), longest));
      }
      return Optional.of(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }

  String error() {
    Optional<String> error = fields.prose("error", LONGEST_ERROR);
    if (error.isEmpty() || error.get().isBlank()) {
      fields.fault("error", "Say what went wrong: 'error'.");
    }
    return error.orElse("");
  }

  boolean isFinal() {
    return fields.flag("final");
  }

  int percent() {
    if (!fields.has("percent")) {
      fields.fault("percent", "Say how far it is: 'percent'.");
    }
    return fields.number("percent", 0, 100).orElse(0);
  }

  String words() {
    return fields.prose("text", LONGEST_TEXT).orElse("");
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    JsonNode given = json.path("lines");
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_LINES) {
      faults.add("/lines", "'lines' is a list of 1 to " + MOST_LINES + " texts.");
      return lines;
    }
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).isTextual()) {
        lines.add(JobFields.cut(given.get(i).textValue(), JobLog.LONGEST));
      } else {
        faults.add("/lines/" + i, "A line is a text.");
      }
    }
    return lines;
  }

  void refuse() {
    faults.refuse();
  }
}
