package dev.tidemark.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.catalog.job.JobSchedule;

/** Schedules as JSON text, for whoever keeps or compares them and knows no JSON. */
public final class ScheduleText {
  private static final ObjectMapper JSON = WireSerdes.exactJson();

  private ScheduleText() {}

  /** All that is declared of it. Two that say the same in the same order have the same text. */
  public static String write(JobSchedule schedule) {
    ObjectNode json = JSON.createObjectNode();
    ScheduleSerde.write(json, schedule);
    return json.toString();
  }

  /** Reads what {@link #write} wrote. */
  public static JobSchedule read(String text) {
    try {
      return ScheduleSerde.read(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a schedule that is no JSON", e);
    }
  }

  /** What its jobs are given. */
  public static String input(JobSchedule schedule) {
    return JSON.valueToTree(schedule.input()).toString();
  }
}
