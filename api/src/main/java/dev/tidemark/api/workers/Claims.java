package dev.tidemark.api.workers;

import dev.tidemark.api.jobs.JobDesk;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.WorkOrder;
import dev.tidemark.contract.job.WorkOrder.Why;
import dev.tidemark.pipeline.board.JobBoard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says of workers that they are there while they wait for something to do. A worker is given jobs
 * only while it claims, and no attempt counts as lost that it was given and has had no answer of.
 */
@Singleton
final class Claims {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

  /** So long only as many partitions may give jobs as the worker could begin. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(200);

  /** A claim that somebody waits for elsewhere is answered again after so long at most. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private static final int SAID_IN_A_LEASE = 4;

  /** Whoever was given a job and says without a claim that it does not know of it has missed it. */
  private static final Duration KNOWS_BY = Duration.ofSeconds(3);

  private static final Duration RETRY = Duration.ofSeconds(10);

  private final JobDesk jobs;
  private final WorkerDesk desk;
  private final Orders orders;
  private final InstantSource clock;
  private final MeterProvider<Counter> claims;
  private final AtomicInteger turn = new AtomicInteger();

  /** What a worker is told. */
  record Answer(List<WorkOrder.Begin> begin, List<End> end) {
    Answer {
      begin = List.copyOf(begin);
      end = List.copyOf(end);
    }
  }

  /** That an attempt is to end. */
  record End(String id, int attempt, Why why) {}

  /**
   * What there is for a worker.
   *
   * @param begin what it is told to begin
   * @param back what it is not told, because it has no slot for it or it is not wanted any more
   */
  private record Found(List<WorkOrder.Begin> begin, List<WorkOrder.Begin> back, List<End> end) {
    Map<String, Integer> given() {
      Map<String, Integer> given = new HashMap<>();
      begin.forEach(one -> given.put(one.id(), one.attempt()));
      back.forEach(one -> given.put(one.id(), one.attempt()));
      return given;
    }
  }

  Claims(JobDesk jobs, WorkerDesk desk, Orders orders, MeterRegistry meters, InstantSource clock) {
    this.jobs = jobs;
    this.desk = desk;
    this.orders = orders;
    this.clock = clock;
    claims =
        Counter.builder("tidemark.http.workers.claims")
            .description("Claims of workers that speak HTTP, by what the answer held.")
            .withRegistry(meters);
  }

  /** Waits until there is something to do, and says meanwhile that the worker is there. */
  Answer claim(Shift shift, Duration wait) {
    JobBoard board = enter(shift);
    long claim = orders.enter(shift.worker());
    try {
      Answer answer = claim(shift, claim, board, System.nanoTime() + wait.toNanos());
      orders.told(shift.worker(), answer.end().stream().map(End::id).toList());
      claims
          .withTags(
              "answer",
              answer.begin().isEmpty() ? (answer.end().isEmpty() ? "nothing" : "end") : "begin")
          .increment();
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("this node is stopping", e);
    } finally {
      orders.leave(shift.worker(), claim);
    }
  }

  private Answer claim(Shift shift, long claim, JobBoard board, long deadline)
      throws InterruptedException {
    int partitions = desk.partitions();
    boolean narrow = shift.isNarrow(partitions);
    boolean first = true;
    while (true) {
      long taken = orders.taken(shift.worker());
      Found found = find(shift, board, false);
      boolean isNews =
          !found.begin().isEmpty()
              || found.end().stream().anyMatch(end -> orders.isNews(shift.worker(), end.id()));
      boolean open = orders.isOpen(shift.worker(), claim);
      if (!open) {
        // Another claim of the same worker is told what there is.
        return new Answer(List.of(), List.of());
      }
      long left = deadline - System.nanoTime();
      int free = shift.free() - found.begin().size();
      if (isNews || left <= 0) {
        // Nothing is given while nobody asks, unless the next claim is sure to come at once.
        boolean mayGive = !narrow && (isNews || free <= 0);
        say(shift, partitions, mayGive ? shift.all() : Shift.none(), found);
        return new Answer(found.begin(), found.end());
      }
      boolean few = first && narrow;
      say(shift, partitions, room(shift, partitions, few), found);
      Duration pause = few && free > 0 ? FIRST_LOOK : pause(shift);
      orders.await(shift.worker(), claim, taken, Duration.ofNanos(Math.min(left, pause.toNanos())));
      first = false;
    }
  }

  private IntUnaryOperator room(Shift shift, int partitions, boolean few) {
    if (shift.free() <= 0 && shift.isNarrow(partitions)) {
      return Shift.none();
    }
    return few ? shift.few(partitions, turn.getAndIncrement()) : shift.all();
  }

  private static Duration pause(Shift shift) {
    Duration part = shift.lease().dividedBy(SAID_IN_A_LEASE);
    return part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
  }

  /** Says that a worker is there which wants nothing more for now; tells what is to end. */
  List<End> heartbeat(Shift shift) {
    JobBoard board = enter(shift);
    Found found = find(shift, board, true);
    if (!orders.claims(shift.worker())) {
      int partitions = desk.partitions();
      boolean isFull = shift.free() <= 0 && !shift.isNarrow(partitions);
      say(shift, partitions, isFull ? shift.all() : Shift.none(), found);
    }
    orders.told(shift.worker(), found.end().stream().map(End::id).toList());
    return found.end();
  }

  /** A worker goes. What it was given and has not begun counts for no attempt. */
  void leave(String worker) {
    desk.follow();
    List<JobCommand> last = new ArrayList<>();
    for (WorkOrder.Begin begin : orders.forget(worker)) {
      last.add(new JobCommand.HandedBack(begin.id(), begin.attempt(), worker));
    }
    last.add(new JobCommand.Gone(worker));
    jobs.say(last);
  }

  /** Whatever was known of the worker's jobs before it asked is known here when this returns. */
  private JobBoard enter(Shift shift) {
    JobBoard board = jobs.board();
    desk.follow();
    if (!orders.heard(shift.worker(), shift.lease())) {
      throw new ProblemException(
          Problem.unavailable(
              "This node knows of %,d workers; it takes no more.".formatted(Orders.MOST_WORKERS),
              RETRY));
    }
    boolean isOld =
        !orders.toBegin(shift.worker(), shift.running()).isEmpty()
            || shift.running().keySet().stream().anyMatch(id -> board.job(id).isEmpty());
    if (isOld) {
      // It may have ended elsewhere, and must not be begun again then.
      desk.present();
    }
    return board;
  }

  private Found find(Shift shift, JobBoard board, boolean heartbeat) {
    List<WorkOrder.Begin> begin = new ArrayList<>();
    List<WorkOrder.Begin> back = new ArrayList<>();
    Instant now = clock.instant();
    for (Orders.Held held : orders.toBegin(shift.worker(), shift.running())) {
      WorkOrder.Begin order = held.order();
      if (Standing.isOver(board, order)) {
        orders.drop(order.worker(), order.id(), order.attempt());
        continue;
      }
      boolean wanted =
          shift.types().contains(order.type())
              && orders.toEnd(order.worker(), order.id(), order.attempt()).isEmpty();
      boolean mayWait = heartbeat && held.since().plus(KNOWS_BY).isAfter(now);
      boolean mayBegin = !heartbeat && begin.size() < shift.free();
      (wanted && (mayWait || mayBegin) ? begin : back).add(order);
    }
    return new Found(begin, back, ends(shift, board));
  }

  private List<End> ends(Shift shift, JobBoard board) {
    List<End> ends = new ArrayList<>();
    shift
        .running()
        .forEach(
            (id, attempt) ->
                end(shift.worker(), id, attempt, board.job(id))
                    .ifPresent(why -> ends.add(new End(id, attempt, why))));
    return ends;
  }

  /** By what is known of the job, as an order to end may have been missed; else as ordered. */
  private Optional<Why> end(String worker, String id, int attempt, Optional<JobState> job) {
    if (job.isEmpty()) {
      return Optional.of(Why.ABANDONED);
    }
    return switch (Standing.of(job.get(), attempt, worker)) {
      case OVER, ANOTHERS -> Optional.of(Why.ABANDONED);
      case NOT_YET -> Optional.empty();
      case RUNS ->
          job.get().cancelling() ? Optional.of(Why.CANCELLED) : orders.toEnd(worker, id, attempt);
    };
  }

  /** First that it has no more room, then what it gives back: nobody gives it that again. */
  private void say(Shift shift, int partitions, IntUnaryOperator slotsOf, Found found) {
    IntUnaryOperator said = found.back().isEmpty() ? slotsOf : Shift.none();
    desk.say(shift.alive(partitions, said, found.given()));
    if (found.back().isEmpty()) {
      return;
    }
    List<JobCommand> back = new ArrayList<>();
    for (WorkOrder.Begin order : found.back()) {
      back.add(new JobCommand.HandedBack(order.id(), order.attempt(), order.worker()));
    }
    jobs.say(back);
    for (WorkOrder.Begin order : found.back()) {
      orders.drop(order.worker(), order.id(), order.attempt());
    }
    LOG.debug("{} has no slots for {} orders", shift.worker(), found.back().size());
  }
}
