package dev.tidemark.connectors.work.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Files below a directory of this machine. */
public final class DirectoryStorage implements Storage {
  private static final String UNFINISHED = ".unfinished-";

  private final Path root;

  public DirectoryStorage(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public void put(String key, String mediaType, InputStream content) throws IOException {
    Path file = file(key);
    Files.createDirectories(file.getParent());
    // No key begins with a dot, so nobody is shown what is not whole.
    Path unfinished = file.resolveSibling(UNFINISHED + UUID.randomUUID());
    try {
      Files.copy(content, unfinished);
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  @Override
  public Optional<InputStream> get(String key) throws IOException {
    try {
      return Optional.of(Files.newInputStream(file(key)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Stored> head(String key) throws IOException {
    Path file = file(key);
    return Files.isRegularFile(file) ? Optional.of(stored(file)) : Optional.empty();
  }

  @Override
  public List<Stored> list(String prefix, int most) throws IOException {
    Keys.checkPrefix(prefix);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !String.valueOf(file.getFileName()).startsWith(UNFINISHED))
          .filter(file -> key(file).startsWith(prefix))
          .sorted(Comparator.comparing(this::key))
          .limit(most)
          .map(
              file -> {
                try {
                  return stored(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (UncheckedIOException e) {
      throw new IOException("the files cannot be listed", e);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(file(key));
  }

  private Path file(String key) {
    return root.resolve(Keys.check(key));
  }

  private String key(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private Stored stored(Path file) throws IOException {
    return new Stored(key(file), Files.size(file), Files.getLastModifiedTime(file).toInstant());
  }
}
