package dev.tidemark.pipeline.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.job.JobState;
import dev.tidemark.pipeline.board.core.Fingerprint;
import dev.tidemark.pipeline.board.core.Phase;
import dev.tidemark.pipeline.jobs.core.Scheduler;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the board needs of a job to find it again, in front of the job itself: so the one before can
 * be taken out of all lists without being read.
 *
 * @param phase where it is in its life
 * @param atMicros when it was asked for
 * @param order its place among those that are ready: the smaller the earlier
 * @param dueMicros since when it is ready
 * @param fingerprint how it failed
 * @param queue where it waits
 * @param type what it is
 * @param key what limits per key go by
 */
record Card(
    Phase phase,
    long atMicros,
    long order,
    long dueMicros,
    Fingerprint fingerprint,
    String queue,
    String type,
    @Nullable String key) {
  static Card of(JobState job) {
    long due = micros(job.due());
    return new Card(
        Phase.of(job),
        micros(job.request().at()),
        due - job.request().priority() * (Scheduler.HEAD_START.toNanos() / 1_000),
        due,
        Fingerprint.of(job),
        job.request().queue(),
        job.request().type(),
        job.request().key().orElse(null));
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** The card, and behind it the job as its topic has it. */
  byte[] with(byte[] job) {
    byte[] queueBytes = queue.getBytes(UTF_8);
    byte[] typeBytes = type.getBytes(UTF_8);
    byte[] keyBytes = key == null ? new byte[0] : key.getBytes(UTF_8);
    return ByteBuffer.allocate(
            2
                + 4 * Long.BYTES
                + 3 * Integer.BYTES
                + queueBytes.length
                + typeBytes.length
                + keyBytes.length
                + job.length)
        .put(phase.code())
        .putLong(atMicros)
        .putLong(order)
        .putLong(dueMicros)
        .putLong(fingerprint.value())
        .putInt(queueBytes.length)
        .put(queueBytes)
        .putInt(typeBytes.length)
        .put(typeBytes)
        .put((byte) (key == null ? 0 : 1))
        .putInt(keyBytes.length)
        .put(keyBytes)
        .put(job)
        .array();
  }

  /** Reads a card; the buffer stands before the job then. */
  static Card read(ByteBuffer in) {
    Phase phase = Phase.ofCode(in.get());
    long at = in.getLong();
    long order = in.getLong();
    long due = in.getLong();
    Fingerprint fingerprint = new Fingerprint(in.getLong());
    String queue = text(in);
    String type = text(in);
    boolean keyed = in.get() == 1;
    String key = text(in);
    return new Card(phase, at, order, due, fingerprint, queue, type, keyed ? key : null);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }
}
