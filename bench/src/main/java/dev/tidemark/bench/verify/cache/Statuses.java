package dev.tidemark.bench.verify.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.system.SyncSystem;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import java.io.IOException;
import java.time.Duration;

/** What nodes say of their caches. */
final class Statuses {
  private static final Duration POLL = Duration.ofMillis(500);

  private Statuses() {}

  /** Adds what the nodes tell. */
  static void add(SyncSystem system, Findings findings) throws InterruptedException {
    for (int node = 0; node < system.nodeCount(); node++) {
      long found = of(system, node);
      if (found > 0) {
        findings.add(
            Kind.STATE,
            "node %d says that %d of the answers it keeps were not true"
                .formatted(node + 1, found));
      }
    }
  }

  /** Waits until a node tells of one. */
  static void await(SyncSystem system, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      for (int node = 0; node < system.nodeCount(); node++) {
        if (of(system, node) > 0) {
          return;
        }
      }
      Thread.sleep(POLL);
    }
  }

  /**
   * Whether every node has heard of all that was committed before a moment, by this process' clock.
   */
  static boolean provenSince(SyncSystem system, long moment) throws InterruptedException {
    for (int node = 0; node < system.nodeCount(); node++) {
      JsonNode age = status(system, node).path("freshness").path("proven_seconds_ago");
      if (!age.isNumber() || System.nanoTime() - age.asDouble() * 1e9 < moment) {
        return false;
      }
    }
    return true;
  }

  private static long of(SyncSystem system, int node) throws InterruptedException {
    long most = 0;
    for (JsonNode check : status(system, node).path("checks")) {
      most = Math.max(most, check.path("violations").asLong());
    }
    return most;
  }

  private static JsonNode status(SyncSystem system, int node) throws InterruptedException {
    try (Door door = new Door(system.url(node))) {
      return door.get("/api/cache/status", system.tokens().operator()).json();
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
