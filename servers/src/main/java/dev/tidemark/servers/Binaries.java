package dev.tidemark.servers;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The servers' programs, unpacked once per user from the jars that Maven fetched.
 *
 * <p>They are unpacked beside their place and then moved there in one step, so that several
 * processes may do it at once and none ever sees half of them.
 */
final class Binaries {
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private Binaries() {}

  /** The machine's processor in one spelling: {@code amd64} or {@code arm64}. */
  static String processor() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case String other -> other;
    };
  }

  static boolean onMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  /** The directory that an archive of the class path unpacks to. */
  static Path archive(String resource, String name) {
    Path place = cache().resolve(name);
    if (Files.isDirectory(place)) {
      return place;
    }
    try (InputStream archive = open(resource)) {
      Path fresh = Files.createTempDirectory(Files.createDirectories(cache()), name + "-");
      unpack(archive, fresh);
      return moved(fresh, place);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** A single program of the class path. */
  static Path program(String resource) {
    Path place = cache().resolve(resource);
    if (Files.isExecutable(place)) {
      return place;
    }
    try (InputStream program = open(resource)) {
      Path fresh = Files.createTempFile(Files.createDirectories(cache()), resource, "");
      Files.copy(program, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(fresh, EXECUTABLE);
      return Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream stream = Binaries.class.getClassLoader().getResourceAsStream(resource);
    if (stream == null) {
      throw new ServerException(
          "There is no "
              + resource
              + " on the class path, so the server cannot run on this kind of machine ("
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ").");
    }
    return stream;
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(
                new XZInputStream(new BufferedInputStream(archive)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException(entry.getName() + " leads out of the archive");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(requireNonNull(path.getParent()));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(path, executable ? EXECUTABLE : READABLE);
        }
      }
    }
    Files.setPosixFilePermissions(target, EXECUTABLE);
  }

  private static Path moved(Path fresh, Path place) throws IOException {
    try {
      return Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
      // Another process was faster.
      DataDirectory.delete(fresh);
      return place;
    }
  }

  private static ServerException unwritable(IOException e) {
    return new ServerException(
        "Cannot unpack the servers' programs to "
            + cache()
            + " ("
            + e
            + "): make room or make it writable, or name another place with XDG_CACHE_HOME.",
        e);
  }

  private static Path cache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("tidemark");
  }
}
