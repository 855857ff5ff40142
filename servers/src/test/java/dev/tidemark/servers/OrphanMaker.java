package dev.tidemark.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A process that starts servers and is killed, so that its servers are left alone. */
final class OrphanMaker {
  private OrphanMaker() {}

  /** Leaves a Postgres running on the directory that no living process looks after. */
  static int leavePostgresRunning(Path directory) throws IOException, InterruptedException {
    return leave("postgres", directory);
  }

  static int leaveRedisRunning(Path directory) throws IOException, InterruptedException {
    return leave("redis", directory);
  }

  private static int leave(String server, Path directory) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    OrphanMaker.class.getName(),
                    server,
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("port ")) {
          return Integer.parseInt(line.substring("port ".length()));
        }
      }
      throw new IllegalStateException("the process ended without a server");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  public static void main(String[] arguments) throws SQLException, IOException {
    ServerConfig config = ServerConfig.in(Path.of(arguments[1]));
    if (arguments[0].equals("redis")) {
      EmbeddedRedis redis = new EmbeddedRedis(config);
      redis.start();
      System.out.println("port " + redis.port());
    } else {
      EmbeddedPostgres18 postgres = new EmbeddedPostgres18(config);
      postgres.start();
      try (Connection connection = postgres.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("create table orphaned as select 42 as answer");
      }
      System.out.println("port " + postgres.port());
    }
    // Until it is killed.
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
  }
}
