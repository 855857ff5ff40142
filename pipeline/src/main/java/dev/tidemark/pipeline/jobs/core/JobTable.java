package dev.tidemark.pipeline.jobs.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.SortedTable.Scan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's scheduler keeps, in one table: the first byte of a key says what it is. Not
 * thread-safe.
 *
 * <pre>
 * a id                      a job that waits for a worker or has one
 * j id                      any other job
 * r id                      a submission that was refused, and until when that is told
 * u type 0 unique key       the job that a unique key belongs to, and until when
 * q queue                   whether a queue is paused, and how many of it began of late
 * p type                    how many of a type began of late
 * w worker                  a worker
 * f                         which jobs are being forgotten, and up to where that is done
 * s schedule                a schedule, and when it is due next
 * </pre>
 *
 * The index, which can be made again from the rest:
 *
 * <pre>
 * t milliseconds id         when time changes a job next; each job has one
 * l line 0 order id         a job that waits for a worker, in one line at a time
 * x worker 0 id             a job that a worker works on
 * h                         up to where timers are done
 * </pre>
 */
final class JobTable {
  private static final byte ACTIVE = 'a';
  private static final byte JOB = 'j';
  private static final byte TIMER = 't';
  private static final byte LINE = 'l';
  private static final byte RUNNING = 'x';
  private static final byte UNIQUE = 'u';
  private static final byte QUEUE = 'q';
  private static final byte TYPE = 'p';
  private static final byte WORKER = 'w';
  private static final byte HINT = 'h';
  private static final byte FORGETTING = 'f';
  private static final byte SCHEDULE = 's';
  private static final byte REFUSED = 'r';
  private static final byte[] NOTHING = {};
  private static final int SLICES = 17;
  private static final int READ_AT_ONCE = 256;
  private static final int DROPPED_AT_ONCE = 10_000;
  private static final int MOST_FRONTS = 10_000;
  private static final int MOST_LATEST = 4_096;
  private static final int LARGEST_LATEST = 2_048;

  private final SortedTable table;

  /** Small jobs that have changed of late: most of them change again soon. */
  private final SequencedMap<String, Entry> latest = new LinkedHashMap<>(16, 0.75f, true);

  /** The first of each line; what is not there is read again. */
  private final Map<String, Front> fronts = new HashMap<>();

  JobTable(SortedTable table) {
    this.table = table;
  }

  /** Whether a key is one of the index. */
  static boolean isIndex(byte[] key) {
    return switch (key[0]) {
      case TIMER, LINE, RUNNING, HINT -> true;
      default -> false;
    };
  }

  /**
   * Makes the index of those who wait or work again.
   *
   * @param wakeAt when time changes a job next, in milliseconds
   */
  void indexActive(ToLongFunction<Job> wakeAt) {
    drop(LINE);
    drop(RUNNING);
    table.delete(new byte[] {HINT});
    try (Scan scan = table.scan(new byte[] {ACTIVE}, new byte[] {ACTIVE + 1})) {
      for (; scan.hasNext(); scan.next()) {
        Entry entry = JobBytes.read(scan.value());
        Job job = entry.job();
        setTimer(wakeAt.applyAsLong(job), job.id());
        if (entry.waits()) {
          stand(entry.line(), entry.order(), job.id());
        }
        Lease lease = job.lease();
        if (lease != null) {
          begin(lease.worker(), job.id());
        }
      }
    }
  }

  /** Submissions that were refused, and until when that is told. */
  List<Timer> refused() {
    List<Timer> refused = new ArrayList<>();
    try (Scan scan = table.scan(new byte[] {REFUSED}, new byte[] {REFUSED + 1})) {
      for (; scan.hasNext(); scan.next()) {
        refused.add(new Timer(ByteBuffer.wrap(scan.value()).getLong(), text(scan.key(), 1)));
      }
    }
    return refused;
  }

  private void drop(byte kind) {
    List<byte[]> keys = new ArrayList<>();
    do {
      keys.clear();
      try (Scan scan = table.scan(new byte[] {kind}, behind(new byte[] {kind}))) {
        for (; scan.hasNext() && keys.size() < DROPPED_AT_ONCE; scan.next()) {
          keys.add(scan.key());
        }
      }
      keys.forEach(table::delete);
    } while (!keys.isEmpty());
  }

  /** Whose a unique key is. */
  record Owner(String id, Optional<Instant> until) {}

  /** What is known of a queue. */
  record QueueState(boolean paused, Pacer pacer) {
    static final QueueState FRESH = new QueueState(false, Pacer.empty());
  }

  /** What a worker has said of itself. */
  record Worker(Set<String> types, int slots, Duration lease) {}

  /** A job in a line. */
  record Waiting(long order, String id) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int byOrder = Long.compare(order, other.order);
      // An id has no character in which bytes and text are ordered otherwise.
      return byOrder == 0 ? id.compareTo(other.id) : byOrder;
    }
  }

  @Nullable Entry job(String id) {
    Entry known = latest.get(id);
    if (known != null) {
      return known;
    }
    byte[] bytes = table.get(key(ACTIVE, id));
    if (bytes == null) {
      bytes = table.get(key(JOB, id));
    }
    return bytes == null ? null : JobBytes.read(bytes);
  }

  /**
   * Writes down what a job is now.
   *
   * @param before what it was; null if it is new
   */
  void put(@Nullable Entry before, Entry entry) {
    String id = entry.job().id();
    byte kind = kind(entry);
    byte[] bytes = JobBytes.write(entry);
    if (before == null) {
      table.putNew(key(kind, id), bytes);
    } else {
      byte was = kind(before);
      if (was == kind) {
        table.put(key(kind, id), bytes);
      } else {
        table.delete(key(was, id));
        table.putNew(key(kind, id), bytes);
      }
    }
    if (bytes.length <= LARGEST_LATEST && !entry.job().status().ended()) {
      latest.put(id, entry);
      if (latest.size() > MOST_LATEST) {
        latest.pollFirstEntry();
      }
    } else {
      latest.remove(id);
    }
  }

  private static byte kind(Entry entry) {
    return switch (entry.job().status()) {
      case READY, RUNNING -> ACTIVE;
      case SCHEDULED, COMPLETED, FAILED, CANCELLED -> JOB;
    };
  }

  /** A job that has ended. */
  void forget(String id) {
    latest.remove(id);
    table.delete(key(JOB, id));
  }

  /**
   * The jobs whose ids come after one, at most so many, but none that waits for a worker or has
   * one.
   */
  List<Entry> jobsAfter(String id, int most) {
    List<Entry> jobs = new ArrayList<>();
    byte[] from = key(JOB, id.isEmpty() ? "" : id + '\0');
    try (Scan scan = table.scan(from, new byte[] {JOB + 1})) {
      while (scan.hasNext() && jobs.size() < most) {
        jobs.add(JobBytes.read(scan.value()));
        scan.next();
      }
    }
    return jobs;
  }

  /**
   * Jobs that have ended are being forgotten.
   *
   * @param before those that ended before then
   * @param from up to this id it is done
   */
  record Forgetting(Instant before, String from) {}

  @Nullable Forgetting forgetting() {
    byte[] bytes = table.get(new byte[] {FORGETTING});
    return bytes == null
        ? null
        : new Forgetting(
            Instant.ofEpochMilli(ByteBuffer.wrap(bytes).getLong()), text(bytes, Long.BYTES));
  }

  void setForgetting(Forgetting forgetting) {
    byte[] from = forgetting.from().getBytes(UTF_8);
    table.put(
        new byte[] {FORGETTING},
        ByteBuffer.allocate(Long.BYTES + from.length)
            .putLong(forgetting.before().toEpochMilli())
            .put(from)
            .array());
  }

  void endForgetting() {
    table.delete(new byte[] {FORGETTING});
  }

  void setTimer(long millis, String id) {
    table.put(timer(millis, id), NOTHING);
  }

  /** The first timer of a job. */
  void setFirstTimer(long millis, String id) {
    table.putNew(timer(millis, id), NOTHING);
  }

  /** It is told until then that a submission was refused. */
  void setRefused(long millis, String id) {
    table.put(key(REFUSED, id), ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
    setTimer(millis, id);
  }

  void dropRefused(String id) {
    byte[] key = key(REFUSED, id);
    if (table.get(key) != null) {
      table.delete(key);
    }
  }

  void dropTimer(long millis, String id) {
    table.delete(timer(millis, id));
  }

  /**
   * The timers up to a moment, at most so many, the earliest first.
   *
   * @param from what lies before it is done
   */
  Due timers(long from, long to, int most) {
    List<Timer> timers = new ArrayList<>();
    try (Scan scan = table.scan(timer(from, ""), new byte[] {TIMER + 1})) {
      while (scan.hasNext()) {
        byte[] key = scan.key();
        long millis = ByteBuffer.wrap(key, 1, Long.BYTES).getLong();
        if (millis > to || timers.size() == most) {
          return new Due(timers, millis);
        }
        timers.add(
            new Timer(millis, new String(key, 1 + Long.BYTES, key.length - 1 - Long.BYTES, UTF_8)));
        scan.next();
      }
    }
    return new Due(timers, Long.MAX_VALUE);
  }

  /**
   * Timers that are due.
   *
   * @param next when the first one is that is not among them
   */
  record Due(List<Timer> timers, long next) {}

  /** When time changes a job. */
  record Timer(long millis, String id) {}

  long hint() {
    byte[] hint = table.get(new byte[] {HINT});
    return hint == null ? 0 : ByteBuffer.wrap(hint).getLong();
  }

  void setHint(long millis) {
    table.put(new byte[] {HINT}, ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
  }

  void stand(String line, long order, String id) {
    Front front = fronts.get(line);
    if (front != null) {
      front.stand(new Waiting(order, id));
    }
    table.putNew(inLine(line, order, id), NOTHING);
  }

  void leave(String line, long order, String id) {
    Front front = fronts.get(line);
    if (front != null) {
      front.leave(new Waiting(order, id));
    }
    table.delete(inLine(line, order, id));
  }

  /** Who stands first in a line. */
  @Nullable Waiting first(String line) {
    Front front = fronts.get(line);
    if (front == null) {
      if (fronts.size() == MOST_FRONTS) {
        fronts.clear();
      }
      front = new Front();
      fronts.put(line, front);
    }
    if (front.isUsedUp()) {
      read(line, front);
    }
    return front.first();
  }

  /** Reads on behind those that are known. */
  private void read(String line, Front front) {
    byte[] prefix = named(LINE, line, "");
    Waiting last = front.last();
    byte[] from = last == null ? prefix : inLine(line, last.order(), last.id());
    List<Waiting> more = new ArrayList<>();
    try (Scan scan = table.scan(from, behind(prefix))) {
      while (scan.hasNext() && more.size() < READ_AT_ONCE) {
        byte[] key = scan.key();
        int at = prefix.length;
        long order = ByteBuffer.wrap(key, at, Long.BYTES).getLong() ^ Long.MIN_VALUE;
        more.add(
            new Waiting(
                order, new String(key, at + Long.BYTES, key.length - at - Long.BYTES, UTF_8)));
        scan.next();
      }
      front.read(more, !scan.hasNext());
    }
  }

  /** The names of all lines in which somebody stands. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    byte[] from = {LINE};
    while (true) {
      try (Scan scan = table.scan(from, behind(new byte[] {LINE}))) {
        if (!scan.hasNext()) {
          return lines;
        }
        String line = upToZero(scan.key());
        lines.add(line);
        from = behind(named(LINE, line, ""));
      }
    }
  }

  void begin(String worker, String id) {
    table.putNew(named(RUNNING, worker, id), NOTHING);
  }

  void end(String worker, String id) {
    table.delete(named(RUNNING, worker, id));
  }

  /** All jobs that somebody works on. */
  List<String> running() {
    List<String> ids = new ArrayList<>();
    scan(new byte[] {RUNNING}, key -> ids.add(text(key, 2 + upToZero(key).getBytes(UTF_8).length)));
    return ids;
  }

  @Nullable Owner owner(String type, String uniqueKey) {
    byte[] bytes = table.get(named(UNIQUE, type, uniqueKey));
    if (bytes == null) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long until = in.getLong();
    return new Owner(
        UTF_8.decode(in).toString(),
        until == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until)));
  }

  void own(String type, String uniqueKey, Owner owner) {
    byte[] id = owner.id().getBytes(UTF_8);
    table.put(
        named(UNIQUE, type, uniqueKey),
        ByteBuffer.allocate(Long.BYTES + id.length)
            .putLong(owner.until().map(Instant::toEpochMilli).orElse(0L))
            .put(id)
            .array());
  }

  void disown(String type, String uniqueKey) {
    table.delete(named(UNIQUE, type, uniqueKey));
  }

  QueueState queue(String name) {
    byte[] bytes = table.get(key(QUEUE, name));
    if (bytes == null) {
      return QueueState.FRESH;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new QueueState(in.get() == 1, pacer(in));
  }

  void putQueue(String name, QueueState state) {
    ByteBuffer out = ByteBuffer.allocate(1 + pacerSize());
    out.put((byte) (state.paused() ? 1 : 0));
    put(out, state.pacer());
    table.put(key(QUEUE, name), out.array());
  }

  Pacer pacer(String type) {
    byte[] bytes = table.get(key(TYPE, type));
    return bytes == null ? Pacer.empty() : pacer(ByteBuffer.wrap(bytes));
  }

  void putPacer(String type, Pacer pacer) {
    ByteBuffer out = ByteBuffer.allocate(pacerSize());
    put(out, pacer);
    table.put(key(TYPE, type), out.array());
  }

  @Nullable Worker worker(String name) {
    byte[] bytes = table.get(key(WORKER, name));
    if (bytes == null) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int slots = in.readInt();
      Duration lease = Duration.ofMillis(in.readLong());
      Set<String> types = new TreeSet<>();
      for (int left = in.readInt(); left > 0; left--) {
        types.add(JobBytes.text(in));
      }
      return new Worker(types, slots, lease);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void putWorker(String name, Worker worker) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(worker.slots());
      out.writeLong(worker.lease().toMillis());
      out.writeInt(worker.types().size());
      for (String type : worker.types()) {
        JobBytes.text(out, type);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.put(key(WORKER, name), bytes.toByteArray());
  }

  void dropWorker(String name) {
    table.delete(key(WORKER, name));
  }

  List<String> workers() {
    List<String> names = new ArrayList<>();
    scan(new byte[] {WORKER}, key -> names.add(text(key, 1)));
    return names;
  }

  @Nullable Plan schedule(String name) {
    byte[] bytes = table.get(key(SCHEDULE, name));
    return bytes == null ? null : ScheduleBytes.read(bytes);
  }

  void put(Plan plan) {
    table.put(key(SCHEDULE, plan.name()), ScheduleBytes.write(plan));
  }

  void dropSchedule(String name) {
    table.delete(key(SCHEDULE, name));
  }

  List<String> schedules() {
    List<String> names = new ArrayList<>();
    scan(new byte[] {SCHEDULE}, key -> names.add(text(key, 1)));
    return names;
  }

  private void scan(byte[] prefix, Consumer<byte[]> each) {
    try (Scan scan = table.scan(prefix, behind(prefix))) {
      while (scan.hasNext()) {
        each.accept(scan.key());
        scan.next();
      }
    }
  }

  private static int pacerSize() {
    return 2 * Long.BYTES + SLICES * Integer.BYTES;
  }

  private static void put(ByteBuffer out, Pacer pacer) {
    out.putLong(pacer.length());
    out.putLong(pacer.slice());
    for (int begun : pacer.begun()) {
      out.putInt(begun);
    }
  }

  private static Pacer pacer(ByteBuffer in) {
    long length = in.getLong();
    long slice = in.getLong();
    int[] begun = new int[SLICES];
    for (int i = 0; i < SLICES; i++) {
      begun[i] = in.getInt();
    }
    return new Pacer(length, slice, begun);
  }

  private static byte[] timer(long millis, String id) {
    byte[] text = id.getBytes(UTF_8);
    return ByteBuffer.allocate(1 + Long.BYTES + text.length)
        .put(TIMER)
        .putLong(Math.max(0, millis))
        .put(text)
        .array();
  }

  private static byte[] inLine(String line, long order, String id) {
    byte[] prefix = named(LINE, line, "");
    byte[] text = id.getBytes(UTF_8);
    // So that negative orders come first, too.
    return ByteBuffer.allocate(prefix.length + Long.BYTES + text.length)
        .put(prefix)
        .putLong(order ^ Long.MIN_VALUE)
        .put(text)
        .array();
  }

  private static byte[] key(byte kind, String name) {
    byte[] text = name.getBytes(UTF_8);
    return ByteBuffer.allocate(1 + text.length).put(kind).put(text).array();
  }

  private static byte[] named(byte kind, String name, String rest) {
    byte[] first = name.getBytes(UTF_8);
    byte[] second = rest.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + first.length + second.length)
        .put(kind)
        .put(first)
        .put((byte) 0)
        .put(second)
        .array();
  }

  /** The first key behind all that begin so. */
  private static byte[] behind(byte[] prefix) {
    byte[] next = prefix.clone();
    int last = next.length - 1;
    while (next[last] == (byte) 0xff) {
      last--;
    }
    next[last]++;
    return Arrays.copyOf(next, last + 1);
  }

  private static String upToZero(byte[] key) {
    int end = 1;
    while (key[end] != 0) {
      end++;
    }
    return new String(key, 1, end - 1, UTF_8);
  }

  private static String text(byte[] key, int from) {
    return new String(key, from, key.length - from, UTF_8);
  }
}
