package dev.tidemark.api.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.schedule.Fire;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A schedule as callers see it. */
final class ScheduleJson {
  private ScheduleJson() {}

  /**
   * @param count how many of the times to tell at which it is due next
   */
  static ObjectNode of(ScheduleState state, int count, Instant now) {
    JobSchedule schedule = state.schedule();
    ObjectNode json = JobJson.object();
    json.put("name", schedule.name());
    json.put("job", schedule.job());
    json.put("cron", schedule.cron().toString());
    json.put("zone", schedule.zone().getId());
    json.put("missed", schedule.missed().name().toLowerCase(Locale.ROOT));
    json.set("input", WireSerdes.exactJson().valueToTree(schedule.input()));
    json.put("origin", state.origin().name().toLowerCase(Locale.ROOT));
    json.put("paused", state.paused());
    json.put("changed_by", state.by());
    json.put("changed_at", state.at().toString());
    JobJson.put(json, "next_at", state.next().map(Instant::toString));
    JobJson.put(json, "last_at", state.last().map(Instant::toString));
    JobJson.put(json, "last_job", state.lastJob());
    json.put("missed_times", state.missed());
    JobJson.put(json, "fault", state.fault());
    ArrayNode next = json.putArray("next");
    if (!state.paused()) {
      for (Fire fire : schedule.cron().next(now, schedule.zone(), count)) {
        ObjectNode one = next.addObject();
        one.put("at", fire.at().toString());
        one.put("local", fire.local().toString());
        JobJson.put(one, "warning", warning(fire));
      }
    }
    return json;
  }

  /** What the change of clocks does to it. */
  private static Optional<String> warning(Fire fire) {
    return switch (fire.clocks()) {
      case STEADY -> Optional.empty();
      case MOVED -> Optional.of("Clocks skip this local time: it is due as soon as they have.");
      case ONCE_OF_TWO ->
          Optional.of("Clocks show this local time twice: it is due the first time only.");
      case FIRST_OF_TWO ->
          Optional.of("Clocks show this local time twice: this is the first of two.");
      case SECOND_OF_TWO ->
          Optional.of("Clocks show this local time twice: this is the second of two.");
    };
  }
}
