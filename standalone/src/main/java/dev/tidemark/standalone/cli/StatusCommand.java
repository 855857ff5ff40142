package dev.tidemark.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.token.Token;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = {
      "Shows how each component is.",
      "Exit status: 0 all well, 1 something is not, 3 nothing runs.",
      ""
    })
final class StatusCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws IOException {
    Home home = data.home();
    Running running = home.requireRunning();
    out().printf("Tidemark on %s: process %d, api %s%n", home, running.pid(), running.api());
    String token = Token.forOperator().signed(home.secret(), Instant.now());
    Http.Answer answer;
    try {
      answer = new Http(running.api(), Optional.of(token)).get("/health");
    } catch (IOException e) {
      throw new Refusal(
          "The api does not answer (" + e.getMessage() + "): " + running.log() + " says why.", e);
    }
    JsonNode report = new JsonMapper().readTree(answer.body());
    for (Map.Entry<String, JsonNode> component : report.path("components").properties()) {
      out()
          .printf(
              "  %-5s %-10s %s%n",
              component.getValue().path("status").asText().toLowerCase(Locale.ROOT),
              component.getKey(),
              component.getValue().path("detail").asText());
    }
    return answer.status() == 200 ? 0 : Refusal.FAILED;
  }
}
