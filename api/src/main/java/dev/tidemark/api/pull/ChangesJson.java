package dev.tidemark.api.pull;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.api.security.Caller;
import dev.tidemark.pipeline.scopelog.core.Page.Told;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes changes as they stand in the log, which is JSON already. */
public final class ChangesJson {
  private static final byte[] ECHO = ",\"echo\":true}".getBytes(US_ASCII);

  private ChangesJson() {}

  static byte[] page(PullAnswer answer, Caller caller) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(size(answer.page().changes()) + 1024);
    ascii(out, "{\"changes\":");
    write(out, answer.page().changes(), caller);
    ascii(out, ",\"cursor\":\"" + answer.cursor() + "\"");
    ascii(out, ",\"has_more\":" + answer.page().more());
    ascii(out, ",\"poll_after\":" + answer.pollAfter().toSeconds() + "}");
    return out.toByteArray();
  }

  /** An array of changes, for a caller who is told which of them it has caused. */
  public static void write(ByteArrayOutputStream out, List<Told> changes, Caller caller) {
    out.write('[');
    boolean first = true;
    for (Told told : changes) {
      if (!first) {
        out.write(',');
      }
      first = false;
      write(out, told, caller);
    }
    out.write(']');
  }

  private static void write(ByteArrayOutputStream out, Told told, Caller caller) {
    byte[] json = told.json();
    String device = told.entry().device();
    boolean echo =
        told.put() == told.entry().put()
            && device != null
            && caller.device().filter(device::equals).isPresent();
    if (echo) {
      out.write(json, 0, json.length - 1);
      out.writeBytes(ECHO);
    } else {
      out.writeBytes(json);
    }
  }

  private static int size(List<Told> changes) {
    int size = 0;
    for (Told told : changes) {
      size += told.json().length + ECHO.length;
    }
    return size;
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(US_ASCII));
  }
}
