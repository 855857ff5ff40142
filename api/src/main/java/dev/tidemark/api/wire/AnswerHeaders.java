package dev.tidemark.api.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** The headers of every answer, whoever wrote it. What a handler has set stays. */
final class AnswerHeaders {
  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none';"
          + " form-action 'none'";
  private static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

  private AnswerHeaders() {}

  static void complete(HttpHeaders headers) {
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.remove(HttpHeaderNames.SERVER);
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    setIfAbsent(
        headers,
        "Content-Security-Policy",
        type.startsWith("text/html") ? PAGE_POLICY : DATA_POLICY);
    setIfAbsent(headers, "Cache-Control", "no-store");
  }

  private static void setIfAbsent(HttpHeaders headers, String name, String value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
