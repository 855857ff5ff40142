package dev.tidemark.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The directory of one server, used by one process at a time. */
public final class DataDirectory {
  private final Path path;
  private final boolean temporary;
  private @Nullable FileChannel lock;

  private DataDirectory(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /** The directory that is configured, or a temporary one. */
  static DataDirectory of(ServerConfig config, String server) {
    Path configured = config.directory();
    if (configured != null) {
      return at(configured);
    }
    try {
      return new DataDirectory(Files.createTempDirectory("tidemark-" + server + "-"), true);
    } catch (IOException e) {
      throw new ServerException("No temporary directory for " + server + ": " + e.getMessage(), e);
    }
  }

  /** The directory at a path; it is created when it is locked. */
  public static DataDirectory at(Path path) {
    return new DataDirectory(path.toAbsolutePath().normalize(), false);
  }

  public Path path() {
    return path;
  }

  boolean isTemporary() {
    return temporary;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /**
   * Makes this process the only one to use the directory, until it unlocks it or ends.
   *
   * @throws ServerException if another one uses it
   */
  public synchronized void lock() {
    if (lock != null) {
      return;
    }
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!locked(channel)) {
        String holder = holder(channel);
        channel.close();
        throw new ServerException(
            path
                + " is in use by "
                + holder
                + ": stop that one first, or choose another data directory.");
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      lock = channel;
    } catch (FileSystemException e) {
      throw new ServerException(
          "Cannot write to the data directory "
              + path
              + " ("
              + reason(e)
              + "): make it writable, or choose another one.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
    return text.isEmpty() ? "another process" : "process " + text;
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  public synchronized void unlock() {
    FileChannel held = lock;
    lock = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The port that is configured, else the one that was used here before, else a free one. */
  int port(int configured, String server) {
    if (configured != 0) {
      FreePort.require(configured, server);
      return configured;
    }
    Path file = path.resolve("port");
    try {
      if (Files.exists(file)) {
        int before = Integer.parseInt(Files.readString(file).strip());
        if (FreePort.isFree(before)) {
          return before;
        }
      }
      int port = FreePort.pick();
      Files.writeString(file, Integer.toString(port));
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a temporary directory with all that is in it; any other stays. */
  void discard() {
    unlock();
    if (temporary) {
      try {
        delete(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            // A server that is just ending removes files of its own at the same time.
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
