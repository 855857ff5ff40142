package dev.tidemark.contract;

import static dev.tidemark.contract.WireSerdes.optionalText;
import static dev.tidemark.contract.WireSerdes.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.ScheduleState.Origin;
import dev.tidemark.contract.schedule.Cron;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** Schedules to JSON and back. */
final class ScheduleSerde {
  private static final ObjectMapper JSON = WireSerdes.exactJson();
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> FIELDS =
      new TypeReference<>() {};

  static final Serde<ScheduleState> STATE =
      WireSerdes.json(ScheduleSerde::write, ScheduleSerde::readState);

  private ScheduleSerde() {}

  static void write(ObjectNode json, JobSchedule schedule) {
    json.put("name", schedule.name()).put("job", schedule.job());
    json.put("cron", schedule.cron().toString()).put("zone", schedule.zone().getId());
    json.put("missed", schedule.missed().name().toLowerCase(Locale.ROOT));
    json.set("input", JSON.valueToTree(schedule.input()));
  }

  static JobSchedule read(JsonNode json) {
    try {
      return new JobSchedule(
          text(json, "name"),
          text(json, "job"),
          Cron.parse(text(json, "cron")),
          ZoneId.of(text(json, "zone")),
          Missed.valueOf(text(json, "missed").toUpperCase(Locale.ROOT)),
          input(json.path("input")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new SerializationException("a schedule that is none", e);
    }
  }

  private static Map<String, @Nullable Object> input(JsonNode json) {
    try {
      return json.isObject() ? JSON.treeToValue(json, JSON.constructType(FIELDS)) : Map.of();
    } catch (JsonProcessingException e) {
      throw new SerializationException("an input that is no object", e);
    }
  }

  private static ObjectNode write(ScheduleState state) {
    ObjectNode json = JSON.createObjectNode();
    write(json, state.schedule());
    json.put("origin", state.origin().name().toLowerCase(Locale.ROOT));
    json.put("paused", state.paused());
    json.put("by", state.by()).put("at", state.at().toString());
    state.next().ifPresent(next -> json.put("next", next.toString()));
    state.last().ifPresent(last -> json.put("last", last.toString()));
    state.lastJob().ifPresent(job -> json.put("last_job", job));
    return json.put("missed_times", state.missed());
  }

  private static ScheduleState readState(JsonNode json) {
    return new ScheduleState(
        read(json),
        Origin.valueOf(text(json, "origin").toUpperCase(Locale.ROOT)),
        json.path("paused").asBoolean(),
        text(json, "by"),
        Instant.parse(text(json, "at")),
        time(json, "next"),
        time(json, "last"),
        Optional.ofNullable(optionalText(json, "last_job")),
        json.path("missed_times").asInt());
  }

  private static Optional<Instant> time(JsonNode json, String field) {
    return Optional.ofNullable(optionalText(json, field)).map(Instant::parse);
  }
}
