package dev.tidemark.api.workers;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of what workers say and are told, for the OpenAPI document. */
final class WorkerBodies {
  private WorkerBodies() {}

  @Schema(name = "NewWorker", description = "A worker that comes.")
  record NewWorker(List<String> types, @Nullable Integer slots, @Nullable Integer lease_seconds) {}

  @Schema(name = "Worker", description = "A worker and what it is called.")
  record Worker(String name, List<String> types, int slots, int lease_seconds) {}

  @Schema(name = "WorkerShift", description = "What a worker is, and the attempts that it makes.")
  record Shift(
      List<String> types,
      @Nullable Integer slots,
      @Nullable Integer lease_seconds,
      @Nullable Map<String, Integer> running) {}

  @Schema(name = "WorkerOrders", description = "What a worker is to begin and to end.")
  record Orders(List<Begin> begin, List<End> end) {}

  @Schema(name = "WorkerEnds", description = "What a worker is to end.")
  record Ends(List<End> end) {}

  @Schema(name = "WorkerBegin", description = "An attempt that is to be begun.")
  record Begin(
      String id,
      int attempt,
      String type,
      Object input,
      String soft_deadline,
      String hard_deadline,
      @Nullable Object saved) {}

  @Schema(
      name = "WorkerEnd",
      description = "An attempt that is to be ended: limit, cancelled or abandoned.")
  record End(String id, int attempt, String why) {}

  @Schema(name = "AttemptCompleted", description = "It is done.")
  record Complete(int attempt, @Nullable Object result) {}

  @Schema(name = "AttemptFailed", description = "It could not be done.")
  record Fail(int attempt, String error, @JsonProperty("final") @Nullable Boolean isFinal) {}

  @Schema(name = "AttemptProgressed", description = "How far it is.")
  record Progress(int attempt, int percent, @Nullable String text) {}

  @Schema(name = "AttemptSaved", description = "How the next attempt could go on.")
  record Save(int attempt, Object state) {}

  @Schema(name = "AttemptLines", description = "Lines of its log.")
  record Log(int attempt, List<String> lines) {}

  @Schema(name = "AttemptHandedBack", description = "It is not made.")
  record HandBack(int attempt) {}

  @Schema(name = "AttemptHeard", description = "The job as it is now.")
  record Heard(String id, String status, int attempt, @Nullable Boolean cancel_requested) {}
}
