package dev.tidemark.contract;

import dev.tidemark.contract.Topic.Retention;
import dev.tidemark.contract.Topic.Spread;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.QueueState;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkerState;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.contract.sync.WriteAnswer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/** The catalogue of topics. Nobody else writes a topic's name. */
public final class Topics {
  private static final String PREFIX = "tidemark.";
  private static final String CHANGE_PREFIX = PREFIX + "change.";

  /** Where capture is: written in the same Kafka transaction as the changes it speaks of. */
  public static final Topic<String, CapturePosition> POSITION =
      new Topic<>(
          PREFIX + "position",
          "Where capture is in the write-ahead log, committed together with the changes it covers.",
          Serdes.String(),
          WireSerdes.capturePosition(),
          "the replication slot's name",
          "a capture position",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("capture"),
          List.of("capture"));

  /** How capture knows each table: its columns, and whether its changes flow. */
  public static final Topic<String, CapturedTable> CAPTURED_TABLE =
      new Topic<>(
          PREFIX + "captured-table",
          "The shape of each captured table and whether its changes flow.",
          Serdes.String(),
          WireSerdes.capturedTable(),
          "the entity type",
          "a captured table",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("capture"),
          List.of("capture", "the api"));

  /** What could not be processed, with the reason. */
  public static final Topic<byte[], byte[]> DEAD_LETTER =
      new Topic<>(
          PREFIX + "dead-letter",
          "Records that could not be processed, as they were, with the reason in their headers.",
          Serdes.ByteArray(),
          Serdes.ByteArray(),
          "the key of the record as it was",
          "the value of the record as it was",
          Spread.SINGLE,
          Retention.KEPT,
          List.of("capture", "every topology"),
          List.of("the operator"));

  /** What operators ask of capture while it runs. */
  public static final Topic<String, CaptureCommand> CAPTURE_COMMAND =
      new Topic<>(
          PREFIX + "capture-command",
          "What an operator asks of capture: snapshot a table, accept a changed table.",
          Serdes.String(),
          WireSerdes.captureCommand(),
          "the entity type",
          "a capture command",
          Spread.SINGLE,
          Retention.ONE_DAY,
          List.of("the command line"),
          List.of("capture"));

  /** What devices ask for, as it was accepted. */
  public static final Topic<EntityKey, Submission> OPERATION =
      new Topic<>(
          PREFIX + "operation",
          "The operations of devices, as they were accepted.",
          WireSerdes.entityKey(),
          SyncSerdes.submission(),
          "the entity, as type/id",
          "an operation",
          Spread.BY_ENTITY,
          Retention.THIRTY_DAYS,
          List.of("the api"),
          List.of("entities"));

  /** Which operations came together. */
  public static final Topic<String, SubmittedBatch> BATCH =
      new Topic<>(
          PREFIX + "batch",
          "The batches of devices, as they were accepted: which operations came together.",
          Serdes.String(),
          SyncSerdes.batch(),
          "the device",
          "a batch",
          Spread.BY_ENTITY,
          Retention.THIRTY_DAYS,
          List.of("the api"),
          List.of("the writer"));

  /** What was decided, for the database. */
  public static final Topic<EntityKey, RowWrite> WRITE =
      new Topic<>(
          PREFIX + "write",
          "Decided operations on their way to the database.",
          WireSerdes.entityKey(),
          SyncSerdes.rowWrite(),
          "the entity, as type/id",
          "a write",
          Spread.BY_ENTITY,
          Retention.THIRTY_DAYS,
          List.of("entities"),
          List.of("the writer"));

  /** Writes that must be decided again. */
  public static final Topic<EntityKey, WriteAnswer> WRITE_ANSWER =
      new Topic<>(
          PREFIX + "write-answer",
          "Writes that the database did not take as they were and that have to be decided again.",
          WireSerdes.entityKey(),
          SyncSerdes.writeAnswer(),
          "the entity, as type/id",
          "an answer to a write",
          Spread.BY_ENTITY,
          Retention.ONE_DAY,
          List.of("the writer"),
          List.of("entities"));

  /** What became of each operation. */
  public static final Topic<EntityKey, Outcome> OUTCOME =
      new Topic<>(
          PREFIX + "outcome",
          "What became of each operation, as the ledger has it, in commit order.",
          WireSerdes.entityKey(),
          SyncSerdes.outcome(),
          "the entity, as type/id",
          "an outcome",
          Spread.BY_ENTITY,
          Retention.KEPT,
          List.of("capture"),
          List.of("entities", "the api", "your consumers"));

  /** What changes are to those who may see a scope, in one order. */
  public static final Topic<String, ScopedChange> SCOPED_CHANGE =
      new Topic<>(
          PREFIX + "scoped-change",
          "Every committed change by the scopes that see it, all in one commit order: what devices"
              + " are told. The latest record of a row in a scope stays.",
          Serdes.String(),
          WireSerdes.scopedChange(),
          "the scope and the entity, as a JSON array",
          "a scoped change",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("capture"),
          List.of("the scope log of every api node", "your consumers"));

  /** Answers of views that are untrue. */
  public static final Topic<String, Invalidation> INVALIDATION =
      new Topic<>(
          PREFIX + "invalidation",
          "Which answers of views a committed transaction made untrue, and why. At least once; read"
              + " it without waiting for transactions.",
          Serdes.String(),
          WireSerdes.invalidation(),
          "an answer's key, a group of answers, or an entity that was found in them",
          "an invalidation",
          Spread.BY_ENTITY,
          Retention.ONE_DAY,
          List.of("cache", "the api"),
          List.of("the cache of every api node"));

  /** What the scheduler of jobs is told. */
  public static final Topic<String, JobCommand> JOB_COMMAND =
      new Topic<>(
          PREFIX + "job-command",
          "What is wanted of jobs, and what workers say of them and of themselves. A job's partition"
              + " is the number that its id begins with, of so many; what concerns all is said to"
              + " each.",
          Serdes.String(),
          JobSerdes.command(),
          "the job, the worker or the queue",
          "a job command",
          Spread.BY_ENTITY,
          Retention.ONE_DAY_AS_LOGGED,
          List.of("the api", "workers", "jobs"),
          List.of("jobs"));

  /** What becomes of jobs. */
  public static final Topic<String, JobState> JOB =
      new Topic<>(
          PREFIX + "job",
          "Every job as it is now, again whenever it becomes another.",
          Serdes.String(),
          JobSerdes.state(),
          "the job",
          "a job",
          Spread.BY_ENTITY,
          Retention.LATEST_PER_KEY,
          List.of("jobs"),
          List.of("every api node", "your consumers"));

  /** What workers are told. */
  public static final Topic<String, WorkOrder> JOB_WORK =
      new Topic<>(
          PREFIX + "job-work",
          "Which attempts workers are to begin, and which to end.",
          Serdes.String(),
          JobSerdes.order(),
          "the worker",
          "a work order",
          Spread.BY_ENTITY,
          Retention.ONE_DAY,
          List.of("jobs"),
          List.of("workers", "every api node"));

  /** What attempts have written down. */
  public static final Topic<String, JobLog> JOB_LOG =
      new Topic<>(
          PREFIX + "job-log",
          "Lines that the attempts of jobs have written down, in their order.",
          Serdes.String(),
          JobSerdes.log(),
          "the job",
          "a line of a job's log",
          Spread.BY_ENTITY,
          Retention.SEVEN_DAYS,
          List.of("workers", "the api"),
          List.of("every api node", "your consumers"));

  /** When jobs are due by themselves. */
  public static final Topic<String, ScheduleState> JOB_SCHEDULE =
      new Topic<>(
          PREFIX + "job-schedule",
          "Every schedule as it is now, again whenever a job was made of it or somebody changed it.",
          Serdes.String(),
          JobSerdes.schedule(),
          "the schedule",
          "a schedule",
          Spread.BY_ENTITY,
          Retention.LATEST_PER_KEY,
          List.of("jobs"),
          List.of("every api node", "your consumers"));

  /** Which queues are paused. */
  public static final Topic<String, QueueState> JOB_QUEUE =
      new Topic<>(
          PREFIX + "job-queue",
          "Whether a queue is paused, as each partition of the scheduler has it.",
          Serdes.String(),
          JobSerdes.queue(),
          "the queue and the partition",
          "a queue's state",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("jobs"),
          List.of("every api node"));

  /** Who does jobs. */
  public static final Topic<String, WorkerState> JOB_WORKER =
      new Topic<>(
          PREFIX + "job-worker",
          "Workers that are there, as each partition of the scheduler knows them.",
          Serdes.String(),
          JobSerdes.worker(),
          "the worker and the partition",
          "a worker",
          Spread.SINGLE,
          Retention.LATEST_PER_KEY,
          List.of("jobs"),
          List.of("every api node"));

  private Topics() {}

  /** The committed changes of one entity type. */
  public static Topic<EntityKey, EntityChange> change(EntityType type) {
    return new Topic<>(
        changeName(type.name()),
        type.description().isEmpty()
            ? "Every committed change of " + type.table() + "."
            : "Every committed change of " + type.table() + ". " + type.description(),
        WireSerdes.entityKey(),
        WireSerdes.entityChange(),
        "the entity, as type/id",
        "a change",
        Spread.BY_ENTITY,
        Retention.KEPT,
        List.of("capture"),
        List.of("entities", "your consumers"));
  }

  /** The name of the change topic of an entity type. */
  public static String changeName(String type) {
    return CHANGE_PREFIX + type;
  }

  /** All topics of a deployment with this catalog, state stores' own topics aside. */
  public static List<Topic<?, ?>> of(Catalog catalog) {
    List<Topic<?, ?>> topics = new ArrayList<>();
    for (EntityType type : catalog.types()) {
      topics.add(change(type));
    }
    topics.add(OPERATION);
    topics.add(BATCH);
    topics.add(WRITE);
    topics.add(WRITE_ANSWER);
    topics.add(OUTCOME);
    topics.add(SCOPED_CHANGE);
    topics.add(INVALIDATION);
    if (!catalog.jobs().types().isEmpty()) {
      topics.addAll(
          List.of(JOB_COMMAND, JOB, JOB_WORK, JOB_LOG, JOB_SCHEDULE, JOB_QUEUE, JOB_WORKER));
    }
    topics.add(POSITION);
    topics.add(CAPTURED_TABLE);
    topics.add(CAPTURE_COMMAND);
    topics.add(DEAD_LETTER);
    return topics;
  }
}
