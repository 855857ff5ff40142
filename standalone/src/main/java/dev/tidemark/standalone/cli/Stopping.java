package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.system.Composition;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.utils.Exit;

/** Stops the system once: when its command ends, or when somebody ends the process. */
final class Stopping implements AutoCloseable {
  private final Composition system;
  private final Home home;
  private final PrintWriter out;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  Stopping(Composition system, Home home, PrintWriter out) {
    this.system = system;
    this.home = home;
    this.out = out;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
    // The broker ends its process when it cannot go on, which in this one would leave Postgres
    // alone.
    Exit.setHaltProcedure((status, message) -> brokerGaveUp());
    Exit.setExitProcedure((status, message) -> brokerGaveUp());
  }

  private void brokerGaveUp() {
    out.println(
        "tidemark: Kafka cannot go on, as a rule because its disk is full: "
            + home.log()
            + " says why. Everything is stopped; make room and start again.");
    out.flush();
    Thread.ofPlatform().name("broker-gave-up").start(() -> System.exit(1));
    awaitForEver();
  }

  private static void awaitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when the process is asked to end. */
  void await() throws InterruptedException {
    done.await();
  }

  @Override
  public void close() {
    if (!begun.compareAndSet(false, true)) {
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    out.println("Stopping …");
    out.flush();
    long began = System.nanoTime();
    try {
      system.close();
    } finally {
      home.forget();
      home.release();
      out.printf(
          "Stopped after %.1f s; the data stays in %s.%n", (System.nanoTime() - began) / 1e9, home);
      out.flush();
      done.countDown();
    }
  }
}
