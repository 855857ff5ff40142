package dev.tidemark.api.request;

import io.micronaut.http.HttpRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The parts of a path. The framework's own decoding takes a plus for a space, which it is not. */
public final class PathSegments {
  private PathSegments() {}

  /**
   * Each decoded once, after the first few.
   *
   * @param skipped how many belong to the route
   */
  public static List<String> after(int skipped, HttpRequest<?> request) {
    String[] raw = request.getUri().getRawPath().substring(1).split("/");
    return Arrays.stream(raw).skip(skipped).map(PathSegments::decoded).toList();
  }

  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
