package dev.tidemark.connectors.capture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code deploy} says of the processes is what they are. */
class DeploymentTest {
  private static final Path ROOT = Path.of("..");
  private static final Path COMPOSE = ROOT.resolve("docker-compose.yml");
  private static final Path ALERTS = ROOT.resolve("deploy/prometheus/alerts");
  private static final Pattern SETTING = Pattern.compile("TIDEMARK_[A-Z_]+[A-Z]");
  private static final Pattern METRIC = Pattern.compile("\\b(tidemark|http)_[a-z]+_[a-z_]+[a-z]");

  @Test
  void everySettingOfTheComposeFileIsReadBySomeProcess() throws IOException {
    Set<String> read = new TreeSet<>();
    for (Path source : sources()) {
      SETTING.matcher(Files.readString(source)).results().forEach(found -> read.add(found.group()));
    }
    assertThat(settings(yaml(COMPOSE))).isNotEmpty().allMatch(read::contains);
  }

  @Test
  void everyMetricOfCaptureInTheAlertsIsRegistered() throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    CaptureMetrics metrics = new CaptureMetrics(registry);
    metrics.committed(java.time.Instant.EPOCH, java.time.Instant.EPOCH);
    String scraped = registry.scrape();
    List<String> named =
        expressions(ALERTS.resolve("capture.yml")).stream()
            .flatMap(expression -> METRIC.matcher(expression).results())
            .map(found -> found.group())
            .toList();
    assertThat(named).isNotEmpty().allMatch(scraped::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"api.yml", "cache.yml", "jobs.yml"})
  void everyMetricOfTheApiInTheAlertsIsRegistered(String file) throws IOException {
    String code = sources().stream().map(DeploymentTest::text).collect(Collectors.joining());
    List<String> named =
        expressions(ALERTS.resolve(file)).stream()
            .flatMap(expression -> METRIC.matcher(expression).results())
            .map(found -> found.group().replaceFirst("(_seconds)?(_(bucket|count|total))?$", ""))
            .map(name -> '"' + name.replace('_', '.') + '"')
            .distinct()
            .toList();
    assertThat(named).isNotEmpty().allMatch(code::contains);
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture.yml", "api.yml", "cache.yml", "jobs.yml"})
  void everyAlertSaysWhatItMeansAndWhatToDo(String file) throws IOException {
    List<String> chapters =
        Files.readAllLines(ROOT.resolve("deploy/README.md")).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4).toLowerCase(Locale.ROOT).replace(' ', '-'))
            .toList();
    for (Map<?, ?> rule : rules(ALERTS.resolve(file))) {
      assertThat(rule.get("annotations"))
          .as("annotations of %s", rule.get("alert"))
          .isInstanceOfSatisfying(
              Map.class,
              annotations -> {
                assertThat(String.valueOf(annotations.get("summary"))).isNotBlank();
                assertThat(String.valueOf(annotations.get("description"))).isNotBlank();
                String runbook = String.valueOf(annotations.get("runbook"));
                assertThat(runbook).startsWith("deploy/README.md#");
                assertThat(chapters).contains(runbook.substring(runbook.indexOf('#') + 1));
              });
    }
  }

  @Test
  void theApiIsGivenEverySettingOfTheCache() throws IOException {
    Set<String> read = new TreeSet<>();
    SETTING
        .matcher(
            Files.readString(
                ROOT.resolve("api/src/main/java/dev/tidemark/api/cache/CacheSettings.java")))
        .results()
        .forEach(found -> read.add(found.group()));
    assertThat(read).hasSizeGreaterThan(7);
    Map<?, ?> api = map(map(map(yaml(COMPOSE)).get("services")).get("api"));
    assertThat(settings(api)).containsAll(read);
    assertThat(map(api.get("depends_on")).containsKey("redis")).isTrue();
    for (String document : List.of(".env.example", "docs/api.md")) {
      assertThat(Files.readString(ROOT.resolve(document))).as(document).contains(read);
    }
  }

  @Test
  void theEdgeKeepsAssetsAndNothingElse() throws IOException {
    String configuration = Files.readString(ROOT.resolve("deploy/nginx/nginx.conf"));
    String assets = block(configuration, "location /assets/ {");
    assertThat(assets)
        .contains(
            "proxy_cache assets;",
            "proxy_cache_key $uri|$asset_encoding;",
            "proxy_no_cache $asset_unfit $http_authorization $http_cookie;",
            "proxy_set_header Authorization \"\";",
            "proxy_cache_lock on;",
            "proxy_cache_background_update on;",
            "proxy_cache_use_stale updating error timeout",
            "add_header X-Cache-Status $upstream_cache_status always;")
        .doesNotContain("proxy_cache_valid", "proxy_ignore_headers Cache-Control", "$args");
    String rest = configuration.replace(assets, "");
    assertThat(rest.lines().map(String::strip).filter(line -> line.startsWith("proxy_cache")))
        .allMatch(line -> line.startsWith("proxy_cache_path ") || line.equals("proxy_cache off;"));
    assertThat(block(configuration, "location / {")).contains("proxy_cache off;");
    assertThat(block(configuration, "location /api/sync/live {"))
        .contains("proxy_set_header Upgrade $http_upgrade;", "proxy_buffering off;");
  }

  private static String block(String configuration, String head) {
    int begin = configuration.indexOf(head);
    assertThat(begin).as(head).isPositive();
    return configuration.substring(begin, configuration.indexOf("\n    }\n", begin));
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : List.of("contract", "pipeline", "connectors", "api")) {
      Path main = ROOT.resolve(module).resolve("src/main");
      if (Files.isDirectory(main)) {
        try (Stream<Path> files = Files.walk(main)) {
          files.filter(Files::isRegularFile).forEach(found::add);
        }
      }
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Set<String> settings(Object node) {
    Set<String> found = new TreeSet<>();
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            Matcher name = SETTING.matcher(String.valueOf(key));
            if (name.matches()) {
              found.add(name.group());
            }
            found.addAll(settings(value));
          });
    }
    return found;
  }

  private static List<String> expressions(Path file) throws IOException {
    return rules(file).stream().map(rule -> String.valueOf(rule.get("expr"))).toList();
  }

  private static List<Map<?, ?>> rules(Path file) throws IOException {
    List<Map<?, ?>> rules = new ArrayList<>();
    for (Object group : list(map(yaml(file)).get("groups"))) {
      for (Object rule : list(map(group).get("rules"))) {
        rules.add(map(rule));
      }
    }
    return rules;
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return (Map<?, ?>) requireNonNull(node, "there is no mapping here");
  }

  private static List<?> list(@Nullable Object node) {
    return (List<?>) requireNonNull(node, "there is no list here");
  }

  private static Object yaml(Path file) throws IOException {
    Object document =
        new Load(LoadSettings.builder().setLabel(file.toString()).build())
            .loadFromString(Files.readString(file));
    return requireNonNull(document, file + " is empty");
  }
}
