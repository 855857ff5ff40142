import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks or rewrites every Java file of the repository: {@code Format check|write ROOT}. */
public final class Format {
  private Format() {}

  public static void main(String[] arguments) throws Exception {
    boolean write = arguments[0].equals("write");
    Path root = Path.of(arguments[1]);
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> unformatted = new ArrayList<>();
    for (Path file : sources(root)) {
      String before = Files.readString(file);
      String after =
          formatter.formatSource(
              ImportOrderer.reorderImports(
                  RemoveUnusedImports.removeUnusedImports(before),
                  JavaFormatterOptions.Style.GOOGLE));
      if (!after.equals(before)) {
        unformatted.add(root.relativize(file));
        if (write) {
          Files.writeString(file, after);
        }
      }
    }
    if (write) {
      unformatted.forEach(file -> System.out.println("formatted " + file));
    } else if (!unformatted.isEmpty()) {
      unformatted.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("mvn -N -Pformat process-sources formats them.");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(
              file -> !root.relativize(file).toString().matches("(.*/)?(target|node_modules)/.*"))
          .sorted()
          .toList();
    }
  }
}
