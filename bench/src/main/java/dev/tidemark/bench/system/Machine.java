package dev.tidemark.bench.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.kafka.common.utils.AppInfoParser;

/** Where and with what the figures were taken. */
public record Machine(
    LocalDate date,
    int cores,
    String processor,
    long memoryMegabytes,
    String java,
    String postgres,
    String kafka,
    String debezium) {

  /** This one, with the database that is connected to. */
  public static Machine here(Connection connection) throws IOException, SQLException {
    return new Machine(
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        fact("/proc/cpuinfo", "model name"),
        Long.parseLong(fact("/proc/meminfo", "MemTotal").replaceAll("\\D", "0")) / 1024 / 1000,
        Runtime.version().toString(),
        postgres(connection),
        AppInfoParser.getVersion(),
        io.debezium.connector.postgresql.Module.version());
  }

  private static String fact(String file, String name) throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      return "0";
    }
    return Files.readAllLines(path).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("0");
  }

  private static String postgres(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version")) {
      row.next();
      return row.getString(1);
    }
  }

  public String sentence() {
    return "%s · %d cores (%s), %d MB · Java %s · Postgres %s, fsync on · Kafka %s · Debezium %s"
        .formatted(date, cores, processor, memoryMegabytes, java, postgres, kafka, debezium);
  }
}
