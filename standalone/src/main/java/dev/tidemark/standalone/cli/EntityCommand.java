package dev.tidemark.standalone.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.token.Token;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "entity",
    description = {"Shows the latest state of one entity, as the api answers it.", ""})
final class EntityCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  @Parameters(index = "0", paramLabel = "TYPE", description = "The entity type, such as ticket.")
  private String type = "";

  @Parameters(index = "1", paramLabel = "ID", description = "Its id.")
  private String id = "";

  @Override
  public Integer call() throws IOException {
    Home home = data.home();
    Running running = home.requireRunning();
    String token = Token.forOperator().signed(home.secret(), Instant.now());
    Http.Answer answer =
        new Http(running.api(), Optional.of(token))
            .get("/api/entities/" + encoded(type) + "/" + encoded(id));
    JsonMapper json = new JsonMapper();
    out()
        .println(
            json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(answer.body())));
    return answer.status() == 200 ? 0 : Refusal.FAILED;
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
