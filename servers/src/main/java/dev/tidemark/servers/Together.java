package dev.tidemark.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Several things at once. */
final class Together {
  private Together() {}

  /** Runs all of them side by side and returns when each has ended; the first failure is thrown. */
  static void run(List<Runnable> tasks) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Runnable task : tasks) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread.ofPlatform()
          .name("server-", running.size())
          .start(
              () -> {
                try {
                  task.run();
                  done.complete(null);
                } catch (RuntimeException | Error e) {
                  done.completeExceptionally(e);
                }
              });
      running.add(done);
    }
    try {
      CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
