package dev.tidemark.standalone.home;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.servers.DataDirectory;
import dev.tidemark.servers.Private;
import dev.tidemark.servers.ServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** A data directory and what lies where in it. */
public final class Home {
  /** Below this Kafka and Postgres would soon stop in the middle of their work. */
  private static final long LEAST_SPACE = 512L << 20;

  private static final JsonMapper JSON = new JsonMapper();

  private final Path asGiven;
  private final DataDirectory directory;

  private Home(Path asGiven) {
    this.asGiven = asGiven;
    this.directory = DataDirectory.at(asGiven);
  }

  public static Home at(Path directory) {
    return new Home(directory);
  }

  /**
   * Makes this process the one that runs on the directory.
   *
   * @throws Refusal if another one does, or the disk is as good as full
   */
  public void claim() {
    try {
      directory.lock();
    } catch (ServerException e) {
      Optional<Running> other = running();
      if (other.isPresent()) {
        throw new Refusal(
            "Tidemark runs on "
                + asGiven
                + " already (process "
                + other.get().pid()
                + "): ./tidemark status shows it, ./tidemark down stops it, and --data starts"
                + " another one elsewhere.",
            e);
      }
      throw new Refusal(String.valueOf(e.getMessage()), e);
    }
    long space = asGiven.toFile().getUsableSpace();
    if (space < LEAST_SPACE) {
      release();
      throw new Refusal(
          "The disk of %s is nearly full (%d MB left): make room for at least %d MB, or choose another place with --data."
              .formatted(asGiven, space >> 20, LEAST_SPACE >> 20));
    }
  }

  public void release() {
    directory.unlock();
  }

  /** The directory in the user's words, for messages. */
  @Override
  public String toString() {
    return asGiven.toString();
  }

  public Path postgres() {
    return file("postgres");
  }

  public Path kafka() {
    return file("kafka");
  }

  public Path redis() {
    return file("redis");
  }

  /** Where the topologies keep their stores. */
  public Path streams() {
    return file("streams");
  }

  /** Where files are kept that jobs make, if no object storage is set. */
  public Path files() {
    return file("files");
  }

  /** The catalog in use, if it is the one that comes with Tidemark. */
  public Path catalog() {
    return file("catalog.yml");
  }

  public Path log() {
    return file("log").resolve("tidemark.log");
  }

  /** What a detached process prints. */
  public Path output() {
    return file("log").resolve("up.out");
  }

  private Path file(String name) {
    return directory.path().resolve(name);
  }

  private Path runningFile() {
    return file("running.json");
  }

  /** The system that runs on the directory. */
  public Optional<Running> running() {
    try {
      return Optional.of(JSON.readValue(Files.readString(runningFile()), Running.class))
          .filter(running -> lives(running.pid()));
    } catch (NoSuchFileException notRunning) {
      return Optional.empty();
    } catch (JsonProcessingException halfWritten) {
      throw new Refusal(
          runningFile() + " cannot be read: remove it and start Tidemark again.", halfWritten);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // An id is used again: what holds the directory's lock is Tidemark, and nothing else is.
  private static boolean lives(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().command())
        .map(command -> command.endsWith("java"))
        .orElse(false);
  }

  /** The system that runs on the directory, or a refusal that says how to start one. */
  public Running requireRunning() {
    return running()
        .orElseThrow(
            () ->
                new Refusal(
                    "Nothing runs on " + asGiven + ": start it with ./tidemark up.",
                    Refusal.NOT_RUNNING));
  }

  public void remember(Running running) {
    try {
      Path fresh = file("running.json.new");
      Private.write(
          fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(running) + "\n");
      Files.move(fresh, runningFile(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void forget() {
    try {
      Files.deleteIfExists(runningFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What tokens are signed with; made at the first use. */
  public String secret() {
    Path file = file("secret");
    try {
      if (!Files.exists(file)) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        Files.createDirectories(directory.path());
        Private.write(file, HexFormat.of().formatHex(random));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
