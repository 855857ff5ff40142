package dev.tidemark.api.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what jobs somebody wants. */
@Singleton
public final class Submissions {
  static final String SYNC = "sync_";
  static final String ALL_INTEGRATIONS = "sync_all_integrations";
  static final int URGENT = 9;

  /** Jobs of one integration share this key, also those that other jobs submit. */
  private static final String INTEGRATION = "integration ";

  private static final int LARGEST_INPUT = 64 * 1024;
  private static final int LONGEST_NAME = 63;
  private static final Map<String, Integer> PRIORITIES =
      Map.of("low", 2, "normal", 5, "high", 7, "urgent", URGENT);
  private static final List<String> MEMBERS =
      List.of(
          "type",
          "input",
          "sync_type",
          "integration_id",
          "options",
          "priority",
          "key",
          "unique_key",
          "run_at",
          "delay");

  private final JobCatalog catalog;

  Submissions(Catalog catalog) {
    this.catalog = catalog.jobs();
  }

  /**
   * Reads one job; what is wrong is noted.
   *
   * @param at the pointer of the object in the body
   * @param bulk whether it comes with many others
   * @param by who wants it
   */
  public Optional<JobCommand.Submit> read(
      ObjectNode json, String at, boolean bulk, String by, Instant now, JobFaults faults) {
    JobFields fields = new JobFields(json, at, faults);
    fields.only(MEMBERS);
    JobType type = type(fields);
    JsonNode input = input(fields);
    int priority = priority(fields, type);
    Optional<String> key =
        fields
            .text("key", JobFields.LONGEST_KEY)
            .or(() -> fields.name("integration_id").map(INTEGRATION::concat));
    Optional<String> uniqueKey = fields.text("unique_key", JobFields.LONGEST_KEY);
    Instant due = fields.due(now).orElse(now);
    String text = text(input);
    if (text.getBytes(UTF_8).length > LARGEST_INPUT) {
      fields.fault("input", "What a job is given has at most 64 KiB.");
    }
    if (type == null || !faults.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> unique =
        type.unique().isPresent() ? uniqueKey.or(() -> Optional.of(same(key, text))) : uniqueKey;
    JobRequest request =
        new JobRequest(
            type.name(), type.queueOf(priority, bulk), priority, key, unique, text, by, now);
    UUID random = UUID.randomUUID();
    String id = Place.of(catalog, type, key, unique, random).id(random);
    return Optional.of(new JobCommand.Submit(id, request, due));
  }

  private @Nullable JobType type(JobFields fields) {
    if (fields.has("type") == fields.has("sync_type")) {
      fields.fault("type", "Give 'type', the job type of the catalog, or 'sync_type'.");
      return null;
    }
    boolean sync = fields.has("sync_type");
    String field = sync ? "sync_type" : "type";
    Optional<String> name = fields.text(field, LONGEST_NAME);
    String wanted =
        name.map(
                text ->
                    !sync
                        ? text
                        : text.equals("all") || text.equals("all_integrations")
                            ? ALL_INTEGRATIONS
                            : SYNC + text)
            .orElse("");
    JobType type = catalog.type(wanted).orElse(null);
    if (type == null && name.isPresent()) {
      fields.fault(field, "The catalog declares no job type " + wanted + ".");
    }
    return type;
  }

  /** The input as it is, or that of a sync: the integration and its options. */
  private static JsonNode input(JobFields fields) {
    if (!fields.has("sync_type")) {
      for (String name : List.of("integration_id", "options")) {
        if (fields.has(name)) {
          fields.fault(name, "'" + name + "' goes with 'sync_type'; a 'type' has an 'input'.");
        }
      }
      JsonNode input = fields.value("input");
      return input == null ? JsonNodeFactory.instance.objectNode() : input;
    }
    if (fields.has("input")) {
      fields.fault("input", "'input' goes with 'type'; a 'sync_type' has 'options'.");
    }
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    JsonNode integration = fields.value("integration_id");
    if (integration != null && fields.name("integration_id").isPresent()) {
      input.set("integration_id", integration);
    }
    fields.object("options").ifPresent(options -> input.set("options", options));
    return input;
  }

  private static int priority(JobFields fields, @Nullable JobType type) {
    int usual = type == null ? JobType.PRIORITY : type.priority();
    JsonNode value = fields.value("priority");
    if (value == null) {
      return usual;
    }
    if (value.isTextual()) {
      Integer named = PRIORITIES.get(value.textValue().toLowerCase(Locale.ROOT));
      if (named == null) {
        fields.fault("priority", "'priority' is low, normal, high, urgent, or from 0 to 9.");
      }
      return named == null ? usual : named;
    }
    return fields.number("priority", 0, JobType.HIGHEST_PRIORITY).orElse(usual);
  }

  /** Two of a unique type that give no key are the same if they want the same. */
  private static String same(Optional<String> key, String input) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((key.orElse("") + "\n" + input).getBytes(UTF_8));
      return "input/" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every platform has SHA-256", e);
    }
  }

  static String text(JsonNode json) {
    try {
      return WireSerdes.exactJson().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }
}
