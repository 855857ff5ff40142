package dev.tidemark.standalone.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.token.Token;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "info",
    description = {
      "Prints where everything is, as JSON.",
      "The fields are api, postgres (as libpq reads it), kafka, redis, token (an operator's, for a",
      "day), catalog, pid and log.",
      ""
    })
final class InfoCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws JsonProcessingException {
    Home home = data.home();
    Running running = home.requireRunning();
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("api", running.api());
    info.put("postgres", running.postgres());
    info.put("kafka", running.kafka());
    info.put("redis", running.redis());
    info.put("token", Token.forOperator().signed(home.secret(), Instant.now()));
    info.put("catalog", running.catalog());
    info.put("pid", running.pid());
    info.put("log", running.log());
    out().println(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(info));
    return 0;
  }
}
