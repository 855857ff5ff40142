package dev.tidemark.connectors.work.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.Ended;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.work.TestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private final TestContext context = new TestContext();
  private final List<Duration> pauses = new ArrayList<>();

  private Probe.Went run(String input) throws Exception {
    return new Probe(pauses::add).run((ObjectNode) new ObjectMapper().readTree(input), context);
  }

  @Test
  void itGoesItsStepsAndSaysSo() throws Exception {
    assertThat(run("{\"steps\": 4, \"step\": \"5s\"}")).isEqualTo(new Probe.Went(4, 1));
    assertThat(pauses).containsOnly(Duration.ofSeconds(5)).hasSize(4);
    assertThat(context.told())
        .containsExactly("0 step 1 of 4", "25 step 2 of 4", "50 step 3 of 4", "75 step 4 of 4");
    assertThat(context.lines()).hasSize(4).last().isEqualTo("step 4 of 4");
  }

  @Test
  void itFailsAsOftenAsItIsToldTo() throws Exception {
    assertThatThrownBy(() -> run("{\"steps\": 0, \"failures\": 1}"))
        .isInstanceOf(IOException.class)
        .hasMessage("attempt 1 was told to fail");
    assertThat(run("{\"steps\": 0, \"failures\": 0}")).isEqualTo(new Probe.Went(0, 1));
    assertThatThrownBy(() -> run("{\"steps\": 0, \"give_up\": true}"))
        .isInstanceOf(FinalError.class);
  }

  @Test
  void itEndsBetweenTwoStepsIfItHasTo() {
    context.endAfter(2);
    assertThatThrownBy(() -> run("{\"steps\": 9, \"step\": \"0s\"}")).isInstanceOf(Ended.class);
    assertThat(context.lines()).hasSize(2);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> run("{\"steps\": -1}"))
        .isInstanceOf(FinalError.class)
        .hasMessage("steps has to be from 0 to 10,000");
  }
}
