package dev.tidemark.pipeline.jobs;

import dev.tidemark.pipeline.runtime.TopologyStory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The topology of jobs in words. */
final class JobsStory {
  private JobsStory() {}

  static TopologyStory tell() {
    Map<String, String> operators = new LinkedHashMap<>();
    operators.put(
        JobsTopology.COMMANDS,
        "Reads what is wanted of jobs, and what workers say of their attempts and of themselves.");
    operators.put(
        JobsTopology.SCHEDULE,
        "Decides what becomes of each job, which is begun when and by whom: priorities, pauses,"
            + " paces, limits of queues and of keys, unique keys, deadlines, dead workers. Looks 100"
            + " times a second what time has done, for 50 ms at most. Makes the jobs of the schedules"
            + " that live in its partition.");
    operators.put(JobsTopology.JOBS_OUT, "Tells everybody what a job is now.");
    operators.put(JobsTopology.WORK_OUT, "Tells a worker what to begin and what to end.");
    operators.put(JobsTopology.QUEUES_OUT, "Tells everybody which queues are paused.");
    operators.put(JobsTopology.WORKERS_OUT, "Tells everybody which workers are there.");
    operators.put(JobsTopology.SCHEDULES_OUT, "Tells everybody what a schedule is now.");
    operators.put(
        JobsTopology.JOBS_TO_DO,
        "Submits the jobs of schedules, each to the partition in which it lives.");
    return new TopologyStory(
        "Begins each job when it may, sees that it ends, and tells of it.",
        operators,
        Map.of(
            JobsTopology.STORE,
            "Jobs, unique keys, paces, workers, schedules: one table, in which the first byte of a key"
                + " says what it is.",
            JobsTopology.INDEX,
            "When time changes jobs, the lines in which they wait, who works on them. It has no"
                + " changelog: where it was lost it is made again from the jobs."),
        List.of(
            "A command, the state it leads to, what is told of it and what a worker is told are one"
                + " transaction: each happens once or not at all.",
            "Of an attempt counts only what the worker says that was given it, while it is running."
                + " So a job may be worked on twice, and ends once.",
            "Each time of a schedule is dealt with once: that it was and the jobs that it has are one"
                + " transaction.",
            "No more are begun than a queue, a key or a pace allows, in all partitions together."),
        List.of(
            "A job is kept in the form of its time; another form needs a reader of the old one.",
            "Another number of partitions moves jobs, which nothing does by itself."));
  }
}
