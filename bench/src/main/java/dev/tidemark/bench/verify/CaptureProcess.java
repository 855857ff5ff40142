package dev.tidemark.bench.verify;

import dev.tidemark.connectors.capture.Capture;
import dev.tidemark.connectors.capture.CaptureHealth;
import dev.tidemark.connectors.capture.CaptureSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Map;

/**
 * Capture alone in a process, so that it can be killed. Prints each state it enters, and ends when
 * its standard input does: never longer than the one who started it.
 */
final class CaptureProcess {
  static final String STATE = "state ";
  private static final long LOOK_MILLIS = 10;

  private CaptureProcess() {}

  /** Runs with the settings of the environment, as capture does in production. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> environment = System.getenv();
    Capture capture =
        new Capture(
            CaptureSettings.fromEnvironment(environment),
            VerifiedTable.catalog(),
            new SimpleMeterRegistry());
    Thread.ofVirtual().start(() -> tell(capture));
    capture.start();
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    capture.close();
    System.exit(0);
  }

  private static void tell(Capture capture) {
    String told = "";
    try {
      while (true) {
        CaptureHealth health = capture.health();
        String now = health.state() + " " + health.detail();
        if (!now.equals(told)) {
          System.out.println(STATE + now);
          told = now;
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
