package dev.tidemark.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that runs to its end. */
final class ServerCommand {
  private final List<String> words;

  private ServerCommand(List<String> words) {
    this.words = List.copyOf(words);
  }

  static ServerCommand of(List<String> words) {
    return new ServerCommand(words);
  }

  static ServerCommand of(List<String> prefix, Path program, String... arguments) {
    List<String> words = new ArrayList<>(prefix);
    words.add(program.toString());
    words.addAll(List.of(arguments));
    return new ServerCommand(words);
  }

  /** What came of it. */
  record Result(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }
  }

  Result run() {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      return new Result(127, words.getFirst() + " cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while running " + words.getFirst() + ".", e);
    }
  }
}
