package dev.tidemark.connectors.work;

import static java.util.Objects.requireNonNull;

import dev.tidemark.connectors.settings.Variables;
import dev.tidemark.connectors.work.http.Reach;
import dev.tidemark.connectors.work.storage.S3Settings;
import dev.tidemark.contract.postgres.PostgresUrl;
import dev.tidemark.contract.webhook.WebhookSignature;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What handlers are told.
 *
 * @param postgres the database
 * @param s3 the object storage, if there is one
 * @param directory where files are kept if there is no object storage
 * @param reach whom handlers may ask over HTTP
 * @param shopTokens the secret by which an integration's platform knows us, by the integration's id
 * @param webhookSecrets by their names; {@code default} is used where none is named
 * @param pgDump the program that makes backups; without it there is an archive of our own
 */
public record WorkSettings(
    PostgresUrl postgres,
    Optional<S3Settings> s3,
    Optional<Path> directory,
    Reach reach,
    Map<Integer, String> shopTokens,
    Map<String, String> webhookSecrets,
    Optional<Path> pgDump) {
  private static final String SHOP_TOKEN = "TIDEMARK_SHOP_TOKEN_";
  private static final String WEBHOOK_SECRET = "TIDEMARK_WEBHOOK_SECRET";

  public WorkSettings {
    requireNonNull(postgres, "postgres is null");
    requireNonNull(s3, "s3 is null");
    requireNonNull(directory, "directory is null");
    requireNonNull(reach, "reach is null");
    requireNonNull(pgDump, "pgDump is null");
    shopTokens = Map.copyOf(shopTokens);
    webhookSecrets = Map.copyOf(webhookSecrets);
    if (s3.isPresent() && directory.isPresent()) {
      throw new IllegalArgumentException(
          "TIDEMARK_S3_ENDPOINT and TIDEMARK_STORAGE_DIRECTORY are both set: files are kept in one"
              + " place");
    }
  }

  /**
   * Reads {@code TIDEMARK_POSTGRES_URL}, {@code TIDEMARK_S3_*} ({@code ENDPOINT}, {@code REGION},
   * {@code BUCKET}, {@code ACCESS_KEY}, {@code SECRET_KEY}) or {@code TIDEMARK_STORAGE_DIRECTORY},
   * {@code TIDEMARK_OUTBOUND_HOSTS}, {@code TIDEMARK_OUTBOUND_NETWORKS}, {@code
   * TIDEMARK_SHOP_TOKEN_(integration)}, {@code TIDEMARK_WEBHOOK_SECRET}, {@code
   * TIDEMARK_WEBHOOK_SECRET_(name)} and {@code TIDEMARK_PG_DUMP}. An empty variable counts as
   * absent.
   *
   * @throws IllegalArgumentException with a sentence that says what to set
   */
  public static WorkSettings from(Map<String, String> environment) {
    Map<String, String> given = new HashMap<>(environment);
    given.values().removeIf(String::isBlank);
    Variables variables = Variables.of(given);
    return new WorkSettings(
        PostgresUrl.parse(variables.required("TIDEMARK_POSTGRES_URL")),
        s3(given, variables),
        path(given, "TIDEMARK_STORAGE_DIRECTORY"),
        reach(variables),
        shopTokens(given),
        webhookSecrets(given),
        path(given, "TIDEMARK_PG_DUMP"));
  }

  private static Optional<S3Settings> s3(Map<String, String> given, Variables variables) {
    if (!given.containsKey("TIDEMARK_S3_ENDPOINT")) {
      return Optional.empty();
    }
    URI endpoint;
    try {
      endpoint = URI.create(variables.required("TIDEMARK_S3_ENDPOINT"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "TIDEMARK_S3_ENDPOINT has to look like https://s3.example.org", e);
    }
    return Optional.of(
        new S3Settings(
            endpoint,
            variables.text("TIDEMARK_S3_REGION", "us-east-1"),
            variables.text("TIDEMARK_S3_BUCKET", "tidemark"),
            variables.required("TIDEMARK_S3_ACCESS_KEY"),
            variables.required("TIDEMARK_S3_SECRET_KEY")));
  }

  private static Optional<Path> path(Map<String, String> given, String name) {
    return Optional.ofNullable(given.get(name)).map(Path::of);
  }

  private static Reach reach(Variables variables) {
    try {
      return Reach.parse(
          variables.text("TIDEMARK_OUTBOUND_HOSTS", ""),
          variables.text("TIDEMARK_OUTBOUND_NETWORKS", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("TIDEMARK_OUTBOUND_NETWORKS: " + e.getMessage(), e);
    }
  }

  private static Map<Integer, String> shopTokens(Map<String, String> given) {
    Map<Integer, String> tokens = new HashMap<>();
    given.forEach(
        (name, value) -> {
          if (name.startsWith(SHOP_TOKEN)) {
            String id = name.substring(SHOP_TOKEN.length());
            if (!id.matches("[0-9]{1,9}")) {
              throw new IllegalArgumentException(
                  name + ": the name has to end with the number of an integration");
            }
            tokens.put(Integer.parseInt(id), value);
          }
        });
    return tokens;
  }

  private static Map<String, String> webhookSecrets(Map<String, String> given) {
    Map<String, String> secrets = new HashMap<>();
    given.forEach(
        (name, value) -> {
          if (name.equals(WEBHOOK_SECRET) || name.startsWith(WEBHOOK_SECRET + "_")) {
            if (value.length() < WebhookSignature.SHORTEST_SECRET) {
              throw new IllegalArgumentException(
                  name
                      + " has to have at least "
                      + WebhookSignature.SHORTEST_SECRET
                      + " characters");
            }
            secrets.put(
                name.equals(WEBHOOK_SECRET)
                    ? "default"
                    : name.substring(WEBHOOK_SECRET.length() + 1).toLowerCase(Locale.ROOT),
                value);
          }
        });
    return secrets;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "WorkSettings[postgres=" + postgres + ", s3=" + s3 + ", directory=" + directory + "]";
  }
}
