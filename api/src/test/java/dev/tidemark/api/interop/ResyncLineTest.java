package dev.tidemark.api.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.api.live.Ending;
import dev.tidemark.api.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResyncLineTest {
  private static final int ROUNDS = 300;
  private static final int EVENTS = 2_000;

  @Test
  void whatWaitsForASlowConnectionIsBoundedAndTheFirstIsTold() {
    ResyncLine line = new ResyncLine("/here");
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 100 && line.isReady(); i++) {
      line.heartbeat("");
    }
    assertThat(line.isReady()).isFalse();
    line.events().subscribe(event -> told.add(event.getName()));
    assertThat(told).hasSize(4).containsOnly("heartbeat");
    assertThat(line.isReady()).isTrue();
    line.caughtUp("");
    assertThat(told.getLast()).isEqualTo("resync");
  }

  @Test
  void aLineEndsHoweverMuchIsOnItsWay() throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      ResyncLine line = new ResyncLine("/here");
      CountDownLatch ended = new CountDownLatch(1);
      AtomicReference<String> last = new AtomicReference<>("");
      line.events().subscribe(event -> last.set(event.getName()), _ -> {}, ended::countDown);
      CountDownLatch begun = new CountDownLatch(1);
      Thread speaking =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < EVENTS; i++) {
                      line.heartbeat("");
                      begun.countDown();
                    }
                  });
      begun.await();
      line.end(new Ending(1012, Problem.unavailable("It goes.", Duration.ofSeconds(1))));
      assertThat(ended.await(10, TimeUnit.SECONDS)).as("round %d", round).isTrue();
      assertThat(last.get()).isEqualTo("error");
      speaking.join();
    }
  }
}
