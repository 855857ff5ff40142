package dev.tidemark.pipeline.jobs.core;

import dev.tidemark.contract.ScheduleText;
import dev.tidemark.contract.job.ScheduleState;
import dev.tidemark.contract.job.ScheduleState.Origin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A schedule in the scheduler's store. */
final class ScheduleBytes {
  private static final byte FORMAT = 1;

  private ScheduleBytes() {}

  static byte[] write(Plan plan) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      ScheduleState state = plan.state();
      JobBytes.text(out, ScheduleText.write(state.schedule()));
      out.writeByte(code(state.origin()));
      out.writeBoolean(state.paused());
      JobBytes.text(out, state.by());
      JobBytes.time(out, state.at());
      JobBytes.maybeTime(out, state.next().orElse(null));
      JobBytes.maybeTime(out, state.last().orElse(null));
      JobBytes.optional(out, state.lastJob());
      out.writeInt(state.missed());
      JobBytes.optional(out, state.fault());
      JobBytes.optional(out, plan.declared());
      JobBytes.time(out, plan.done());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Plan read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException("a schedule in the format " + format);
      }
      return new Plan(
          new ScheduleState(
              ScheduleText.read(JobBytes.text(in)),
              origin(in.readByte()),
              in.readBoolean(),
              JobBytes.text(in),
              JobBytes.time(in),
              Optional.ofNullable(JobBytes.maybeTime(in)),
              Optional.ofNullable(JobBytes.maybeTime(in)),
              JobBytes.optional(in),
              in.readInt(),
              JobBytes.optional(in)),
          JobBytes.optional(in),
          JobBytes.time(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte code(Origin origin) {
    return switch (origin) {
      case CATALOG -> 1;
      case CHANGED -> 2;
      case MADE -> 3;
    };
  }

  private static Origin origin(byte code) {
    for (Origin origin : Origin.values()) {
      if (code(origin) == code) {
        return origin;
      }
    }
    throw new IllegalArgumentException("a schedule of the origin " + code);
  }
}
