package dev.tidemark.standalone.system;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts in the order in which they rely on each other. */
final class Plan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Plan.class);

  private final Map<Part, List<Part>> steps = new LinkedHashMap<>();

  /** Adds a part that starts when those it relies on have. */
  <P extends Part> P add(P part, Part... reliesOn) {
    for (Part other : reliesOn) {
      if (!steps.containsKey(other)) {
        throw new IllegalArgumentException(part.name() + " relies on what is not in the plan");
      }
    }
    steps.put(part, List.of(reliesOn));
    return part;
  }

  /** Starts all parts, each as soon as it can; if one fails, stops the others and throws why. */
  void start(Progress progress) {
    Map<Part, CompletableFuture<Void>> started = new LinkedHashMap<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory())) {
      steps.forEach(
          (part, reliesOn) -> {
            CompletableFuture<?>[] before =
                reliesOn.stream().map(started::get).toArray(CompletableFuture[]::new);
            started.put(
                part,
                CompletableFuture.allOf(before).thenRunAsync(() -> start(part, progress), threads));
          });
      List<Throwable> failures = new ArrayList<>();
      for (CompletableFuture<Void> start : started.values()) {
        try {
          start.join();
        } catch (CompletionException e) {
          failures.add(requireNonNull(e.getCause(), "a failure has a cause"));
        }
      }
      if (!failures.isEmpty()) {
        close();
        throw failures.getFirst() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException(failures.getFirst());
      }
    }
  }

  private static void start(Part part, Progress progress) {
    long began = System.nanoTime();
    try {
      part.start();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new PartFailed(part.name(), e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    LOG.info("{} started after {} ms: {}", part.name(), took.toMillis(), part.where());
    synchronized (progress) {
      progress.started(part.name(), part.where(), took);
    }
  }

  /** Stops the parts, those first that rely on others. */
  @Override
  public void close() {
    List<Part> parts = new ArrayList<>(steps.keySet());
    for (Part part : parts.reversed()) {
      try {
        part.close();
        LOG.info("{} stopped", part.name());
      } catch (RuntimeException e) {
        LOG.error(
            "{} did not stop in an orderly way; the others are stopped all the same",
            part.name(),
            e);
      }
    }
  }
}
