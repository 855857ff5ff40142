package dev.tidemark.servers;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL 18, set as capture needs it and as durable as in production.
 *
 * <p>The data directory holds {@code pgdata}, the generated {@code password} and the server's
 * {@code log}. A server that an earlier, killed process left running on the directory is stopped at
 * the next start.
 */
public final class EmbeddedPostgres18 implements Server, Killable {
  /** How to stop. */
  public enum StopMode {
    /** Ends the sessions and writes a checkpoint. */
    FAST("INT"),
    /** Ends at once and recovers at the next start, as after a crash. */
    IMMEDIATE("QUIT");

    private final String signal;

    StopMode(String signal) {
      this.signal = signal;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres18.class);

  // Not "tidemark": Postgres looks for tables in the schema named like the user first, and capture
  // keeps its own tables in schema tidemark.
  private static final String PROGRAM = "postgres";
  private static final String USER = "postgres";
  private static final String DATABASE = "tidemark";
  private static final int START_SECONDS = 120;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("listen_addresses", "'127.0.0.1'"),
          Map.entry("unix_socket_directories", "''"),
          Map.entry("wal_level", "logical"),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("max_connections", "200"),
          Map.entry("max_replication_slots", "32"),
          Map.entry("max_wal_senders", "32"),
          Map.entry("wal_sender_timeout", "30s"),
          Map.entry("max_wal_size", "1GB"),
          Map.entry("shared_buffers", "128MB"),
          Map.entry("timezone", "'UTC'"),
          Map.entry("log_timezone", "'UTC'"),
          Map.entry("log_line_prefix", "'%m [%p] %d '"));

  private final ServerConfig config;
  private final DataDirectory directory;
  private int port;
  private Duration startedIn = Duration.ZERO;
  private @Nullable ServerProcess process;
  private @Nullable String password;

  public EmbeddedPostgres18(ServerConfig config) {
    this.config = config;
    this.directory = DataDirectory.of(config, "postgres");
    if (directory.isTemporary()) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close-postgres"));
    }
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    long began = System.nanoTime();
    directory.lock();
    try {
      Path bin = binaries();
      List<String> prefix = asOrdinaryUser();
      stopOrphan();
      ServerProcess.forgetUnreaped(pgdata().resolve("postmaster.pid"));
      if (port == 0) {
        port = directory.port(config.port(), "Postgres");
      } else {
        FreePort.require(port, "Postgres");
      }
      if (!Files.isDirectory(pgdata())) {
        initialize(bin, prefix);
      }
      password = Files.readString(directory.resolve("password")).strip();
      writeSettings();
      launch(bin, prefix);
      createDatabase(DATABASE);
    } catch (IOException e) {
      directory.unlock();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      directory.unlock();
      throw e;
    }
    startedIn = Duration.ofNanos(System.nanoTime() - began);
    LOG.debug("Postgres listens on {} after {} ms", port, startedIn.toMillis());
  }

  private static Path binaries() {
    String processor = Binaries.processor();
    String archive =
        Binaries.onMac()
            ? "postgres-darwin-" + (processor.equals("arm64") ? "arm_64" : "x86_64") + ".txz"
            : "postgres-linux-" + (processor.equals("arm64") ? "arm_64" : "x86_64") + ".txz";
    return Binaries.archive(archive, "postgres-18.6.0-" + processor).resolve("bin");
  }

  // Postgres refuses to run as root. In a user namespace of its own root is nobody, while the files
  // it writes still belong to root outside.
  private static List<String> asOrdinaryUser() {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    List<String> prefix = List.of("unshare", "-U");
    if (!ServerCommand.of(prefix, Path.of("true")).run().succeeded()) {
      throw new ServerException(
          "Postgres refuses to run as root and this machine allows no user namespace"
              + " (unshare -U): start Tidemark as an ordinary user.");
    }
    return prefix;
  }

  /**
   * Stops the server that a killed process left running on a directory.
   *
   * @return whether there was one
   */
  public static boolean stopLeftover(Path directory) {
    Optional<ServerProcess> leftover =
        ServerProcess.named(directory.resolve("pgdata/postmaster.pid"), PROGRAM);
    leftover.ifPresent(running -> end(running, StopMode.FAST));
    return leftover.isPresent();
  }

  private void stopOrphan() {
    if (stopLeftover(directory.path())) {
      LOG.info("Stopped the Postgres that an earlier process left running on {}", directory.path());
    }
  }

  private void initialize(Path bin, List<String> prefix) throws IOException {
    // Made beside its place, so that a start that is interrupted here leaves nothing half made.
    Path fresh = directory.resolve("pgdata.new");
    DataDirectory.delete(fresh);
    Path passwordFile = directory.resolve("password");
    Private.write(passwordFile, newPassword());
    ServerCommand.Result result =
        ServerCommand.of(
                prefix,
                bin.resolve("initdb"),
                "--pgdata=" + fresh,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8")
            .run();
    if (!result.succeeded()) {
      throw new ServerException("Postgres cannot set up its data: " + lastLine(result.output()));
    }
    Files.writeString(
        fresh.resolve("postgresql.conf"),
        "\ninclude 'tidemark.conf'\n",
        java.nio.file.StandardOpenOption.APPEND);
    Files.move(fresh, pgdata());
  }

  private static String newPassword() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void writeSettings() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
    settings.put("port", Integer.toString(port));
    config.settings().forEach((name, value) -> settings.put(name, "'" + value + "'"));
    StringBuilder text = new StringBuilder("# Written anew at every start.\n");
    settings.forEach((name, value) -> text.append(name).append(" = ").append(value).append('\n'));
    Files.writeString(pgdata().resolve("tidemark.conf"), text);
  }

  private void launch(Path bin, List<String> prefix) throws IOException {
    Path log = directory.resolve("log");
    long before = Files.exists(log) ? Files.size(log) : 0;
    ServerCommand.Result result =
        ServerCommand.of(
                prefix,
                bin.resolve("pg_ctl"),
                "start",
                "--wait",
                "--timeout=" + START_SECONDS,
                "--silent",
                "--pgdata=" + pgdata(),
                "--log=" + log)
            .run();
    if (!result.succeeded()) {
      throw new ServerException("Postgres does not start: " + failure(log, before));
    }
    process =
        ServerProcess.named(pgdata().resolve("postmaster.pid"), PROGRAM)
            .orElseThrow(() -> new ServerException("Postgres ended just after it had started."));
  }

  private static String failure(Path log, long from) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    int start = (int) Math.min(from, bytes.length);
    String written = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    String reason =
        written
            .lines()
            .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
            .reduce((first, second) -> second)
            .orElseGet(() -> lastLine(written));
    return reason + " (more in " + log + ")";
  }

  private static String lastLine(String text) {
    return text.lines().reduce((first, second) -> second).orElse("it gave no reason");
  }

  /** Creates a database if it is not there, and says where it is. */
  public PostgresUrl createDatabase(String name) {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("'" + name + "' is not a plain database name");
    }
    PostgresUrl maintenance = url().withDatabase("postgres");
    try (Connection connection =
            DriverManager.getConnection(
                maintenance.jdbc(), maintenance.user(), maintenance.password());
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("select from pg_database where datname = '" + name + "'")) {
        if (found.next()) {
          return url().withDatabase(name);
        }
      }
      statement.execute("create database " + name);
      return url().withDatabase(name);
    } catch (SQLException e) {
      throw new ServerException("Postgres started but refuses us: " + e.getMessage(), e);
    }
  }

  /** Where the database is, with a user that may do everything. */
  public PostgresUrl url() {
    return new PostgresUrl(
        "127.0.0.1", port, DATABASE, USER, requireNonNull(password, "Postgres never started"));
  }

  public String jdbcUrl() {
    return url().jdbc();
  }

  public Connection connect() throws SQLException {
    PostgresUrl url = url();
    return DriverManager.getConnection(url.jdbc(), url.user(), url.password());
  }

  /** The file of the server's own log. */
  public Path log() {
    return directory.resolve("log");
  }

  @Override
  public void stop() {
    stop(StopMode.FAST);
  }

  public synchronized void stop(StopMode mode) {
    ServerProcess running = process;
    process = null;
    if (running != null) {
      end(running, mode);
    }
    directory.unlock();
  }

  private static void end(ServerProcess running, StopMode mode) {
    running.signal(mode.signal);
    if (!running.awaitEnd(STOP_LIMIT)) {
      LOG.warn(
          "Postgres does not stop within {} s and is stopped as in a crash",
          STOP_LIMIT.toSeconds());
      running.signal(StopMode.IMMEDIATE.signal);
      if (!running.awaitEnd(STOP_LIMIT)) {
        running.kill();
      }
    }
  }

  @Override
  public synchronized void kill() {
    ServerProcess running = process;
    process = null;
    if (running != null) {
      running.kill();
    }
    directory.unlock();
  }

  @Override
  public synchronized void freeze() {
    ServerProcess running = process;
    if (running != null) {
      running.freeze();
    }
  }

  @Override
  public synchronized void thaw() {
    ServerProcess running = process;
    if (running != null) {
      running.thaw();
    }
  }

  @Override
  public synchronized Duration busy() {
    ServerProcess running = process;
    return running == null ? Duration.ZERO : running.busy();
  }

  @Override
  public synchronized boolean isRunning() {
    ServerProcess running = process;
    return running != null && running.isAlive();
  }

  @Override
  public synchronized int port() {
    return port;
  }

  @Override
  public synchronized Duration startedIn() {
    return startedIn;
  }

  @Override
  public synchronized void close() {
    stop(directory.isTemporary() ? StopMode.IMMEDIATE : StopMode.FAST);
    directory.discard();
  }

  private Path pgdata() {
    return directory.resolve("pgdata");
  }
}
