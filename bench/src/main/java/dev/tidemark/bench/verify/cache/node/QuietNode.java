package dev.tidemark.bench.verify.cache.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.tidemark.api.Api;
import dev.tidemark.api.ApiSettings;
import dev.tidemark.api.RunningApi;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.log.LogFormat;
import dev.tidemark.api.log.Logging;
import org.slf4j.LoggerFactory;

/** The api as it is, but that it does not log requests, and with a {@link SideDoor}. */
public final class QuietNode {
  private QuietNode() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    start();
  }

  static RunningApi start() throws ReflectiveOperationException {
    Logging.configure(LogFormat.TEXT);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.tidemark.api.access").setLevel(Level.WARN);
    }
    ApiSettings settings = ApiSettings.from(System.getenv());
    RunningApi api = Api.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(api::close, "tidemark-api-stop"));
    SideDoor.open(
        (ViewCache) Inside.of(api, "cache", "cache"), settings.node().streams().stateDirectory());
    return api;
  }
}
