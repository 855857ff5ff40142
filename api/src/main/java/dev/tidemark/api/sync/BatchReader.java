package dev.tidemark.api.sync;

import static dev.tidemark.api.problem.ProblemType.INVALID_BATCH;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.security.Caller;
import dev.tidemark.api.wire.RequestJson;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what holds a batch together. What is wrong here is wrong with the whole request. */
@Singleton
public final class BatchReader {
  static final Pattern BATCH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~:@=,-]{0,127}");
  static final Pattern DEVICE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}");

  /** Devices of this name are people at work. */
  static final String OPERATOR = "operator:";

  private static final Set<String> MEMBERS =
      Set.of("batch_id", "device_id", "sent_at", "operations");

  private final RequestJson json;
  private final SyncSettings settings;

  BatchReader(RequestJson json, SyncSettings settings) {
    this.json = json;
    this.settings = settings;
  }

  BatchRequest read(byte[] body, Caller caller, Optional<String> headerDevice) {
    ObjectNode batch = json.object(body);
    Faults faults = new Faults();
    for (var member : batch.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        faults.add(
            INVALID_BATCH,
            JsonPlace.in("", member.getKey()),
            "A batch has no '" + JsonPlace.shown(member.getKey()) + "'.");
      }
    }
    String id = text(batch, "batch_id", BATCH).orElse(null);
    if (id == null) {
      faults.add(
          INVALID_BATCH,
          "/batch_id",
          "'batch_id' is 1 to 128 letters, digits and . _ ~ : @ = , - and begins with a letter or"
              + " a digit.");
    }
    String device = device(batch, headerDevice, faults);
    Instant sent = sent(batch, faults);
    List<JsonNode> operations = operations(batch, faults);
    faults
        .problem()
        .ifPresent(
            problem -> {
              throw new ProblemException(problem);
            });
    if (id == null || device == null) {
      throw new IllegalStateException("a batch without a name and without a fault");
    }
    requireOwn(device, caller, batch.has("device_id") ? "/device_id" : "/header/X-Device-ID");
    return new BatchRequest(id, device, sent, operations, false);
  }

  /**
   * The device of a caller whose protocol does not name it.
   *
   * @throws ProblemException if the token was given to none that can send operations
   */
  public static String device(Caller caller) {
    String device = caller.device().orElse("");
    if (!isDevice(Optional.of(device)) || device.startsWith(OPERATOR)) {
      throw new ProblemException(
          Problem.of(ProblemType.FORBIDDEN, "The token was given to no device."));
    }
    return device;
  }

  private @Nullable String device(ObjectNode batch, Optional<String> headerDevice, Faults faults) {
    Optional<String> inBody = text(batch, "device_id", DEVICE);
    if (batch.has("device_id") ? inBody.isEmpty() : !isDevice(headerDevice)) {
      faults.add(
          INVALID_BATCH,
          batch.has("device_id") || headerDevice.isEmpty() ? "/device_id" : "/header/X-Device-ID",
          "'device_id' is 1 to 128 letters, digits and . _ : @ - and is in the body or in"
              + " X-Device-ID.");
      return null;
    }
    if (inBody.isPresent()
        && headerDevice.filter(other -> !inBody.get().equals(other)).isPresent()) {
      faults.add(
          INVALID_BATCH, "/header/X-Device-ID", "X-Device-ID and 'device_id' name two devices.");
    }
    return inBody.or(() -> headerDevice).orElse(null);
  }

  private static boolean isDevice(Optional<String> text) {
    return text.filter(device -> DEVICE.matcher(device).matches()).isPresent();
  }

  private static void requireOwn(String device, Caller caller, String pointer) {
    if (caller.device().filter(device::equals).isEmpty() || device.startsWith(OPERATOR)) {
      String detail = "The token was given to another device, or to none.";
      throw new ProblemException(
          new Problem(
              ProblemType.FORBIDDEN,
              detail,
              List.of(new Problem.Fault(pointer, detail)),
              Optional.empty()));
    }
  }

  private static @Nullable Instant sent(ObjectNode batch, Faults faults) {
    JsonNode value = batch.get("sent_at");
    if (value == null || value.isNull()) {
      return null;
    }
    Optional<Instant> sent = Moments.read(value);
    if (sent.isEmpty()) {
      faults.add(
          INVALID_BATCH,
          "/sent_at",
          "'sent_at' is a time with its zone, such as 2026-01-15T14:30:05Z.");
    }
    return sent.orElse(null);
  }

  private List<JsonNode> operations(ObjectNode batch, Faults faults) {
    JsonNode value = batch.get("operations");
    if (value == null || !value.isArray()) {
      faults.add(INVALID_BATCH, "/operations", "'operations' is missing, or no array.");
      return List.of();
    }
    if (value.size() > settings.operations()) {
      throw new ProblemException(
          new Problem(
              ProblemType.TOO_MANY_OPERATIONS,
              "The batch has "
                  + value.size()
                  + " operations; at most "
                  + settings.operations()
                  + " are taken at a time.",
              List.of(new Problem.Fault("/operations", "Too many entries.")),
              Optional.empty()));
    }
    List<JsonNode> operations = new ArrayList<>();
    value.forEach(operations::add);
    return operations;
  }

  private static Optional<String> text(ObjectNode json, String member, Pattern pattern) {
    JsonNode value = json.get(member);
    return value != null && value.isTextual() && pattern.matcher(value.textValue()).matches()
        ? Optional.of(value.textValue())
        : Optional.empty();
  }
}
