package dev.tidemark.standalone.cli;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.standalone.home.Home;
import dev.tidemark.standalone.home.Running;
import dev.tidemark.standalone.token.Token;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what to try next, with commands that work as they are printed. */
final class Announcement {
  private static final Logger LOG = LoggerFactory.getLogger(Announcement.class);
  private static final String SHOWCASE = "ticket";
  private static final String SHOWCASE_CHANGE = "subject = 'Changed by hand'";

  private final PrintWriter out;
  private final Home home;
  private final Running running;
  private final Catalog catalog;
  private final boolean reference;

  Announcement(PrintWriter out, Home home, Running running, Catalog catalog, boolean reference) {
    this.out = out;
    this.home = home;
    this.running = running;
    this.catalog = catalog;
    this.reference = reference;
  }

  /** A row that is there. */
  private record Example(EntityType type, List<String> key) {
    String path() {
      return type.name() + "/" + EntityKey.of(type.name(), key).id();
    }

    String condition() {
      List<String> equalities = new ArrayList<>();
      for (int i = 0; i < key.size(); i++) {
        equalities.add(type.key().get(i) + " = '" + key.get(i).replace("'", "''") + "'");
      }
      return String.join(" and ", equalities);
    }
  }

  void print(Duration took) {
    out.printf(
        "Ready after %.1f s. Process %d, log %s.%n",
        UpCommand.seconds(took), running.pid(), running.log());
    String data = home.toString().equals(".tidemark") ? "" : " --data " + home;
    Optional<Example> example = example();
    out.println();
    out.println("Try, in another terminal:");
    example.ifPresent(
        row ->
            out.printf(
                "  curl -s -H 'Authorization: Bearer %s' %s/api/entities/%s%n",
                Token.forOperator().signed(home.secret(), Instant.now()),
                running.api(),
                row.path()));
    String topic = Topics.changeName(example.map(row -> row.type().name()).orElse("TYPE"));
    out.printf("  ./tidemark tail %s%s%n", topic, data);
    example.ifPresent(
        row ->
            out.printf(
                "  ./tidemark psql%s -c \"%s\"%n",
                data,
                reference
                    ? "update %s set %s where %s"
                        .formatted(row.type().table(), SHOWCASE_CHANGE, row.condition())
                    : "select * from %s where %s".formatted(row.type().table(), row.condition())));
    out.printf("  ./tidemark status%s%n", data);
    out.flush();
  }

  private Optional<Example> example() {
    List<EntityType> types = new ArrayList<>(catalog.types());
    types.sort(java.util.Comparator.comparing(type -> !type.name().equals(SHOWCASE)));
    try (Connection connection = PostgresUrl.parse(running.postgres()).connect("tidemark-example");
        Statement statement = connection.createStatement()) {
      for (EntityType type : types) {
        String columns =
            type.key().stream()
                .map(column -> "\"" + column.replace("\"", "\"\"") + "\"::text")
                .collect(Collectors.joining(", "));
        try (ResultSet row =
            statement.executeQuery(
                "select " + columns + " from " + type.table().quoted() + " order by 1 limit 1")) {
          if (row.next()) {
            List<String> key = new ArrayList<>();
            for (int i = 1; i <= type.key().size(); i++) {
              key.add(row.getString(i));
            }
            return Optional.of(new Example(type, key));
          }
        }
      }
    } catch (SQLException e) {
      LOG.warn("No example of a row: {}", e.getMessage());
    }
    return Optional.empty();
  }
}
