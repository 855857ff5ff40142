package dev.tidemark.bench.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.connectors.capture.CaptureSettings;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.ScopeTemplate;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.postgres.PostgresUrl;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A contender in a process of its own: does what the lines of its input say and reports on its
 * output. Ends with its input.
 */
final class ContenderMain {
  private ContenderMain() {}

  public static void main(String[] arguments) throws Exception {
    Contender contender = Contender.valueOf(arguments[0]);
    PostgresUrl postgres = PostgresUrl.parse(arguments[1]);
    String kafka = arguments[2];
    Path directory = Path.of(arguments[3]);
    // The report has the output to itself.
    PrintStream output = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    System.setOut(System.err);
    ContenderReport report = new ContenderReport(output);
    Reader reader = reader(contender, postgres, kafka, directory, report);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("stop")) {
        reader.stop();
        report.stopped();
      } else {
        report.expect(Long.parseLong(line.substring("start ".length())));
        reader.start();
      }
    }
    System.exit(0);
  }

  private static Reader reader(
      Contender contender,
      PostgresUrl postgres,
      String kafka,
      Path directory,
      ContenderReport report) {
    return switch (contender) {
      case RAW -> new RawReader(postgres, contender.place(), report);
      case ENGINE_RECORDS ->
          new EngineReader(
              engine(contender, postgres, directory, tuned(5)),
              new EngineReader.Target.Records(),
              report);
      case ENGINE_JSON ->
          new EngineReader(
              engine(contender, postgres, directory, tuned(1)),
              new EngineReader.Target.Kafka(
                  producer(
                      kafka,
                      Map.of(
                          ProducerConfig.BATCH_SIZE_CONFIG, "262144",
                          ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
                          ProducerConfig.LINGER_MS_CONFIG, "0",
                          ProducerConfig.BUFFER_MEMORY_CONFIG, "67108864"))),
              report);
      case ENGINE_JSON_DEFAULTS ->
          new EngineReader(
              engine(contender, postgres, directory, Map.of()),
              new EngineReader.Target.Kafka(producer(kafka, Map.of())),
              report);
      case TIDEMARK ->
          new TidemarkReader(
              CaptureSettings.fromEnvironment(
                  Map.of(
                      "TIDEMARK_POSTGRES_URL", libpq(postgres),
                      "TIDEMARK_KAFKA", kafka,
                      "TIDEMARK_CAPTURE_SLOT", contender.place(),
                      "TIDEMARK_CAPTURE_PUBLICATION", contender.place())),
              catalog(),
              report);
    };
  }

  private static String libpq(PostgresUrl url) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(url.user(), url.password(), url.host(), url.port(), url.database());
  }

  /** The catalog of Tidemark's contender. */
  static Catalog catalog() {
    String table = Contender.TIDEMARK.place();
    return new Catalog(
        List.of(
            new EntityType(
                table,
                "",
                new TableName("public", table),
                List.of("id"),
                List.of(),
                List.of(new ScopeTemplate("public")),
                List.of(),
                Map.of())));
  }

  private static Map<String, String> tuned(int pollMillis) {
    return Map.of(
        "poll.interval.ms", Integer.toString(pollMillis),
        "record.processing.threads", "2",
        "max.batch.size", "8192",
        "max.queue.size", "32768");
  }

  private static Properties engine(
      Contender contender, PostgresUrl postgres, Path directory, Map<String, String> more) {
    Properties p = new Properties();
    p.put("name", contender.place());
    p.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.put("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    p.put(
        "offset.storage.file.filename",
        directory.resolve(contender.place() + ".offsets").toString());
    p.put("topic.prefix", contender.place());
    p.put("database.hostname", postgres.host());
    p.put("database.port", Integer.toString(postgres.port()));
    p.put("database.user", postgres.user());
    p.put("database.password", postgres.password());
    p.put("database.dbname", postgres.database());
    p.put("plugin.name", "pgoutput");
    p.put("slot.name", contender.place());
    p.put("publication.name", contender.place());
    p.put("publication.autocreate.mode", "disabled");
    p.put("table.include.list", "public." + contender.place());
    p.put("snapshot.mode", "no_data");
    p.put("converter.schemas.enable", "false");
    p.putAll(more);
    return p;
  }

  private static Properties producer(String kafka, Map<String, String> more) {
    Properties p = new Properties();
    p.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
    p.put(ProducerConfig.ACKS_CONFIG, "all");
    p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    p.putAll(more);
    return p;
  }
}
