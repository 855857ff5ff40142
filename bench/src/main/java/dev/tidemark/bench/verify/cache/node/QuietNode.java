package dev.tidemark.bench.verify.cache.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.tidemark.api.Api;
import org.slf4j.LoggerFactory;

/** The api as it is, but that it does not log requests. */
public final class QuietNode {
  private QuietNode() {}

  public static void main(String[] arguments) {
    Api.main(arguments);
    silence();
  }

  static void silence() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.tidemark.api.access").setLevel(Level.WARN);
    }
  }
}
