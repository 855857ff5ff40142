package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.pipeline.jobs.core.Job.Failure;
import dev.tidemark.pipeline.jobs.core.Job.Lease;
import dev.tidemark.pipeline.jobs.core.Job.Progress;
import dev.tidemark.pipeline.jobs.core.Job.Reason;
import dev.tidemark.pipeline.jobs.core.Job.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job in the scheduler's store. */
final class JobBytes {
  private static final byte FORMAT = 1;

  private JobBytes() {}

  static byte[] write(Entry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      text(out, entry.line());
      out.writeLong(entry.order());
      Job job = entry.job();
      text(out, job.id());
      request(out, job.request());
      out.writeByte(code(job.status()));
      time(out, job.since());
      time(out, job.due());
      out.writeInt(job.attempt());
      out.writeInt(job.allowed());
      lease(out, job.lease());
      out.writeBoolean(job.cancelling());
      out.writeBoolean(job.progress().isPresent());
      if (job.progress().isPresent()) {
        out.writeByte(job.progress().get().percent());
        text(out, job.progress().get().text());
      }
      out.writeByte(job.failures().size());
      for (Failure failure : job.failures()) {
        out.writeInt(failure.attempt());
        text(out, failure.reason().name());
        text(out, failure.error());
        time(out, failure.at());
        maybeTime(out, failure.begun());
        out.writeBoolean(failure.worker() != null);
        if (failure.worker() != null) {
          text(out, failure.worker());
        }
      }
      optional(out, job.result());
      maybeTime(out, job.begun());
      optional(out, job.saved());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Entry read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a job in the format " + format);
      }
      String line = text(in);
      long order = in.readLong();
      return new Entry(job(in), line, order);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Job job(DataInputStream in) throws IOException {
    return new Job(
        text(in),
        request(in),
        status(in.readByte()),
        time(in),
        time(in),
        in.readInt(),
        in.readInt(),
        lease(in),
        in.readBoolean(),
        in.readBoolean() ? Optional.of(new Progress(in.readByte(), text(in))) : Optional.empty(),
        failures(in),
        optional(in),
        maybeTime(in),
        optional(in));
  }

  private static List<Failure> failures(DataInputStream in) throws IOException {
    int count = in.readByte();
    List<Failure> failures = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      failures.add(
          new Failure(
              in.readInt(),
              Reason.valueOf(text(in)),
              text(in),
              time(in),
              maybeTime(in),
              in.readBoolean() ? text(in) : null));
    }
    return failures;
  }

  private static void request(DataOutputStream out, JobRequest request) throws IOException {
    text(out, request.type());
    text(out, request.queue());
    out.writeByte(request.priority());
    optional(out, request.key());
    optional(out, request.uniqueKey());
    text(out, request.input());
    text(out, request.by());
    time(out, request.at());
  }

  private static JobRequest request(DataInputStream in) throws IOException {
    return new JobRequest(
        text(in),
        text(in),
        in.readByte(),
        optional(in),
        optional(in),
        text(in),
        text(in),
        time(in));
  }

  private static void lease(DataOutputStream out, @Nullable Lease lease) throws IOException {
    out.writeBoolean(lease != null);
    if (lease != null) {
      text(out, lease.worker());
      time(out, lease.soft());
      time(out, lease.hard());
      out.writeBoolean(lease.asked());
    }
  }

  private static @Nullable Lease lease(DataInputStream in) throws IOException {
    return in.readBoolean() ? new Lease(text(in), time(in), time(in), in.readBoolean()) : null;
  }

  private static byte code(Status status) {
    return switch (status) {
      case SCHEDULED -> 1;
      case READY -> 2;
      case RUNNING -> 3;
      case COMPLETED -> 4;
      case FAILED -> 5;
      case CANCELLED -> 6;
    };
  }

  private static Status status(byte code) {
    for (Status status : Status.values()) {
      if (code(status) == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("a job in the state " + code);
  }

  private static void time(DataOutputStream out, Instant time) throws IOException {
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
  }

  private static Instant time(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  private static void maybeTime(DataOutputStream out, @Nullable Instant time) throws IOException {
    out.writeBoolean(time != null);
    if (time != null) {
      time(out, time);
    }
  }

  private static @Nullable Instant maybeTime(DataInputStream in) throws IOException {
    return in.readBoolean() ? time(in) : null;
  }

  private static void optional(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      text(out, text.get());
    }
  }

  private static Optional<String> optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(text(in)) : Optional.empty();
  }

  /** Longer than {@link DataOutputStream#writeUTF} allows. */
  static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
