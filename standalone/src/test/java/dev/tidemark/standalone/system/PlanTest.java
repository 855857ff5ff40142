package dev.tidemark.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.standalone.home.Refusal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private final List<String> events = new CopyOnWriteArrayList<>();

  @Test
  void aPartStartsAfterThoseItReliesOnAndStopsBeforeThem() {
    Plan plan = new Plan();
    Part database = plan.add(new Recorded("database", null));
    Part broker = plan.add(new Recorded("broker", null));
    plan.add(new Recorded("capture", null), database, broker);
    plan.start((_, _, _) -> {});
    assertThat(events.subList(0, 2)).containsExactlyInAnyOrder("+database", "+broker");
    assertThat(events.get(2)).isEqualTo("+capture");
    events.clear();
    plan.close();
    assertThat(events).containsExactly("-capture", "-broker", "-database");
  }

  @Test
  void whenAPartFailsTheOthersAreStoppedAndItsReasonIsTold() {
    Plan plan = new Plan();
    Part database = plan.add(new Recorded("database", "no room"));
    plan.add(new Recorded("broker", null));
    plan.add(new Recorded("capture", null), database);
    assertThatThrownBy(() -> plan.start((_, _, _) -> {}))
        .isInstanceOf(Refusal.class)
        .hasMessage("no room");
    assertThat(events).contains("+broker", "-broker").doesNotContain("+capture");
  }

  /** Writes down when it starts and stops. */
  private final class Recorded implements Part {
    private final String name;
    private final @org.jspecify.annotations.Nullable String failure;

    Recorded(String name, @org.jspecify.annotations.Nullable String failure) {
      this.name = name;
      this.failure = failure;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void start() {
      if (failure != null) {
        throw new Refusal(failure);
      }
      events.add("+" + name);
    }

    @Override
    public String where() {
      return "here";
    }

    @Override
    public void close() {
      events.add("-" + name);
    }
  }
}
