package dev.tidemark.api.workers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.jobs.JobJson;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.WorkOrder;
import java.util.List;
import java.util.Locale;

/** What workers are told. */
final class WorkerJson {
  private WorkerJson() {}

  static ObjectNode worker(Shift shift) {
    ObjectNode json = JobJson.object().put("name", shift.worker());
    ArrayNode types = json.putArray("types");
    shift.types().stream().sorted().forEach(types::add);
    return json.put("slots", shift.slots()).put("lease_seconds", shift.lease().toSeconds());
  }

  static ObjectNode orders(Claims.Answer answer) {
    ObjectNode json = JobJson.object();
    ArrayNode begin = json.putArray("begin");
    for (WorkOrder.Begin order : answer.begin()) {
      ObjectNode one = begin.addObject();
      one.put("id", order.id());
      one.put("attempt", order.attempt());
      one.put("type", order.type());
      one.set("input", JobJson.parsed(order.input()));
      one.put("soft_deadline", order.soft().toString());
      one.put("hard_deadline", order.hard().toString());
      order.saved().ifPresent(saved -> one.set("saved", JobJson.parsed(saved)));
    }
    json.set("end", ends(answer.end()).get("end"));
    return json;
  }

  static ObjectNode ends(List<Claims.End> ends) {
    ObjectNode json = JobJson.object();
    ArrayNode all = json.putArray("end");
    for (Claims.End end : ends) {
      all.addObject()
          .put("id", end.id())
          .put("attempt", end.attempt())
          .put("why", end.why().name().toLowerCase(Locale.ROOT));
    }
    return json;
  }

  static ObjectNode heard(JobState job) {
    ObjectNode json = JobJson.object().put("id", job.id()).put("status", JobJson.status(job));
    json.put("attempt", job.attempt());
    if (job.cancelling() && !job.status().ended()) {
      json.put("cancel_requested", true);
    }
    return json;
  }
}
