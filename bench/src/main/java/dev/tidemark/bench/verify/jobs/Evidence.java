package dev.tidemark.bench.verify.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.verify.Json;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.Place;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is known of a run when it has come to rest.
 *
 * @param catalog what limits are held against
 * @param lives what was told of each job, in its order
 * @param commands what was said of each job
 * @param orders what workers were told of each job
 * @param toQueues the pauses and resumptions that were said
 * @param queues what was told of queues
 * @param schedules what was told of schedules
 * @param effects what handlers wrote down
 * @param done the jobs that have taken effect
 * @param end when all of this was looked at
 */
record Evidence(
    JobCatalog catalog,
    int partitions,
    Asked asked,
    Map<String, List<Told<JobState>>> lives,
    Map<String, List<Told<JobCommand>>> commands,
    Map<String, List<Told<WorkOrder>>> orders,
    List<Told<JobCommand>> toQueues,
    List<QueueState> queues,
    List<ScheduleState> schedules,
    List<Effect> effects,
    Set<String> done,
    Instant end) {

  /** The same without the jobs that somebody asked for. */
  Evidence withoutJobsOf(String by) {
    Map<String, List<Told<JobState>>> others = new LinkedHashMap<>(lives);
    others
        .keySet()
        .removeIf(id -> !life(id).isEmpty() && by.equals(life(id).getFirst().request().by()));
    return new Evidence(
        catalog,
        partitions,
        asked,
        others,
        commands,
        orders,
        toQueues,
        queues,
        schedules,
        effects,
        done,
        end);
  }

  /** The same, held against other limits. */
  Evidence judgedBy(JobCatalog other) {
    return new Evidence(
        other,
        partitions,
        asked,
        lives,
        commands,
        orders,
        toQueues,
        queues,
        schedules,
        effects,
        done,
        end);
  }

  /** What was told of a job, without that it was forgotten. */
  List<JobState> life(String id) {
    List<JobState> states = new ArrayList<>();
    for (Told<JobState> told : lives.getOrDefault(id, List.of())) {
      JobState state = told.value();
      if (state != null) {
        states.add(state);
      }
    }
    return states;
  }

  List<JobCommand> said(String id) {
    List<JobCommand> said = new ArrayList<>();
    for (Told<JobCommand> told : commands.getOrDefault(id, List.of())) {
      JobCommand command = told.value();
      if (command != null) {
        said.add(command);
      }
    }
    return said;
  }

  /** The partition of the scheduler where a job lives. */
  int home(String id) {
    return Place.ofId(id).orElseThrow().partition(partitions);
  }

  /** What tells a job from all others that customers asked for; empty for one of a schedule. */
  static String nonce(JobState state) {
    JsonNode input = Json.read(state.request().input());
    return input.path("nonce").asText();
  }

  /** Everything that is known of a job, a line each. */
  String story(String id) {
    StringBuilder story = new StringBuilder(id);
    for (Told<JobState> told : lives.getOrDefault(id, List.of())) {
      story.append("\n      ").append(told.at()).append(" told ");
      JobState state = told.value();
      story.append(state == null ? "forgotten" : words(state));
    }
    for (Told<JobCommand> told : commands.getOrDefault(id, List.of())) {
      story.append("\n      ").append(told.at()).append(" said ").append(told.value());
    }
    for (Told<WorkOrder> told : orders.getOrDefault(id, List.of())) {
      story.append("\n      ").append(told.at()).append(" ordered ").append(told.value());
    }
    for (Effect effect : effects) {
      if (effect.job().equals(id)) {
        story.append("\n      ").append(effect);
      }
    }
    return story.append(done.contains(id) ? "\n      took effect" : "").toString();
  }

  private static String words(JobState state) {
    return "%s of %s in %s, attempt %d of %d%s, since %s, due %s%s%s%s%s"
        .formatted(
            state.status(),
            state.request().type(),
            state.request().queue(),
            state.attempt(),
            state.allowed(),
            state.worker().map(worker -> " by " + worker).orElse(""),
            state.since(),
            state.due(),
            state.begun().map(at -> ", begun " + at).orElse(""),
            state.cancelling() ? ", cancelling" : "",
            state.result().map(result -> ", result " + result).orElse(""),
            state.failures().isEmpty()
                ? ""
                : ", %s of attempt %d"
                    .formatted(
                        state.failures().getLast().reason(), state.failures().getLast().attempt()));
  }
}
