package dev.tidemark.api.problem;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.api.request.RequestId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes a problem as {@code application/problem+json}. */
public final class ProblemJson {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final int LONGEST_INSTANCE = 512;
  private static final JsonFactory JSON = new JsonFactory();

  private ProblemJson() {}

  /**
   * The problem as UTF-8 text.
   *
   * @param path the path that was asked for, without its query: a query may hold what logs and
   *     answers should not repeat
   */
  public static byte[] bytes(Problem problem, String path, RequestId requestId) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("type", problem.type().address());
      json.writeStringField("title", problem.type().title());
      json.writeNumberField("status", problem.type().status());
      json.writeStringField("detail", problem.detail());
      json.writeStringField("instance", shortened(path));
      json.writeStringField("requestId", requestId.text());
      for (Map.Entry<String, String> member : problem.more().entrySet()) {
        json.writeStringField(member.getKey(), member.getValue());
      }
      if (!problem.errors().isEmpty()) {
        json.writeArrayFieldStart("errors");
        for (Problem.Fault fault : problem.errors()) {
          json.writeStartObject();
          json.writeStringField("pointer", fault.pointer());
          json.writeStringField("detail", fault.detail());
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer failed", e);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static String shortened(String path) {
    return path.length() <= LONGEST_INSTANCE ? path : path.substring(0, LONGEST_INSTANCE) + "…";
  }
}
