package dev.tidemark.api.interop;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of both packages for the OpenAPI document; nothing is read or written through them.
 */
final class InteropBodies {
  private InteropBodies() {}

  @Schema(name = "WatermelonPulled", description = "What pullChanges of WatermelonDB returns.")
  record WatermelonPulled(
      @Schema(description = "By table.") Map<String, WatermelonTold> changes,
      @Schema(description = "The next last_pulled_at.") long timestamp,
      @Schema(description = "'replacement' if what does not come is gone; else absent.")
          @Nullable String experimentalStrategy) {}

  @Schema(name = "WatermelonTold", description = "What a table lacks.")
  record WatermelonTold(
      @Schema(description = "Always empty.") List<Map<String, Object>> created,
      @Schema(description = "Rows as they are.") List<Map<String, Object>> updated,
      @Schema(description = "Ids of rows that are gone.") List<String> deleted) {}

  @Schema(name = "WatermelonPush", description = "What pushChanges of WatermelonDB is given.")
  record WatermelonPush(
      @Schema(description = "The timestamp of the last pull.") @JsonProperty("last_pulled_at")
          @Nullable Long lastPulledAt,
      @Schema(description = "When it is sent, by the device's clock.", format = "date-time")
          @JsonProperty("sent_at")
          @Nullable String sentAt,
      @Schema(description = "By table.") Map<String, WatermelonDone> changes) {}

  @Schema(name = "WatermelonDone", description = "What was done to a table.")
  record WatermelonDone(
      @Schema(description = "Raw records.") List<Map<String, Object>> created,
      @Schema(description = "Raw records; _changed names what was set.")
          List<Map<String, Object>> updated,
      @Schema(description = "Ids, or objects of id and tidemark_version.") List<Object> deleted) {}

  @Schema(name = "WatermelonPushed", description = "What pushChanges of WatermelonDB returns.")
  record WatermelonPushed(
      @Schema(description = "By table: ids of rows that stay pending in the app.")
          Map<String, List<String>> experimentalRejectedIds,
      @Schema(description = "As in the answer to a batch, with table and id.")
          List<Map<String, Object>> outcomes) {}

  @Schema(name = "RxdbPulled", description = "What the pull handler of RxDB returns.")
  record RxdbPulled(
      @Schema(description = "Rows; _deleted says which are gone.")
          List<Map<String, Object>> documents,
      @Schema(description = "Where to go on.") RxdbCheckpoint checkpoint) {}

  @Schema(name = "RxdbCheckpoint", description = "Where a pull goes on.")
  record RxdbCheckpoint(@Schema(description = "To be sent as it is.") String cursor) {}

  @Schema(name = "RxdbPush", description = "What the push handler of RxDB is given.")
  record RxdbPush(
      @Schema(description = "When it is sent, by the device's clock.", format = "date-time")
          @JsonProperty("sent_at")
          @Nullable String sentAt,
      @Schema(description = "What was done.") List<RxdbRow> rows) {}

  @Schema(name = "RxdbRow", description = "A document before and after.")
  record RxdbRow(
      @Schema(description = "The document as the device has it.")
          Map<String, Object> newDocumentState,
      @Schema(description = "As the device believes the server to have it; absent if it has not.")
          @Nullable Map<String, Object> assumedMasterState) {}

  @Schema(name = "RxdbPushed", description = "What became of a push of RxDB.")
  record RxdbPushed(
      @Schema(description = "Documents that are not as the device has them.")
          List<Map<String, Object>> conflicts,
      @Schema(description = "As in the answer to a batch, with id.")
          List<Map<String, Object>> outcomes) {}
}
