package dev.tidemark.api.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.Tokens;
import dev.tidemark.api.settings.Variables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LoggingTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void aLineOfJsonHoldsTheFieldsTheMessageAndTheCause() throws IOException {
    Logger log = logger(LogFormat.JSON);
    log.atInfo().addKeyValue("status", 404).addKeyValue("path", "/x").log("answered");
    JsonNode line = new ObjectMapper().readTree(written.toByteArray());
    assertThat(line.path("message").asText()).isEqualTo("answered");
    assertThat(line.path("status").asInt()).isEqualTo(404);
    assertThat(line.path("path").asText()).isEqualTo("/x");
    assertThat(line.path("level").asText()).isEqualTo("INFO");
    assertThat(line.path("@timestamp").asText()).isNotBlank();
  }

  @Test
  void aTokenThatSomebodyLogsIsMasked() {
    String token = Tokens.of("operator");
    for (LogFormat format : LogFormat.values()) {
      Logger log = logger(format);
      log.atWarn()
          .addKeyValue("header", "Bearer " + token)
          .setCause(new IllegalStateException("refused " + token))
          .log("got {}", token);
      assertThat(written.toString(UTF_8)).doesNotContain(token.substring(10)).contains("got eyJ…");
    }
  }

  @Test
  void aLineBreakInAMessageMakesNoLine() {
    logger(LogFormat.TEXT).info("one\r\n12:00:00.000 ERROR forged");
    assertThat(written.toString(UTF_8).strip().lines()).hasSize(1);
  }

  @Test
  void theFormatIsJsonUnlessTextIsAskedFor() {
    assertThat(LogFormat.from(new Variables(Map.of()))).isEqualTo(LogFormat.JSON);
    assertThat(LogFormat.from(new Variables(Map.of("TIDEMARK_LOG", "text"))))
        .isEqualTo(LogFormat.TEXT);
    assertThatThrownBy(() -> LogFormat.from(new Variables(Map.of("TIDEMARK_LOG", "xml"))))
        .hasMessage("TIDEMARK_LOG must be json or text");
  }

  private Logger logger(LogFormat format) {
    context.setMDCAdapter(new LogbackMDCAdapter());
    Logging.configure(context, format, written);
    return context.getLogger("test");
  }
}
