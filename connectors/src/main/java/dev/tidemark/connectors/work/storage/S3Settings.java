package dev.tidemark.connectors.work.storage;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/**
 * Where the object storage is and who asks.
 *
 * @param endpoint as {@code https://s3.eu-west-1.amazonaws.com}; the bucket comes in the path
 */
public record S3Settings(
    URI endpoint, String region, String bucket, String accessKey, String secretKey) {
  public S3Settings {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(region, "region is null");
    requireNonNull(bucket, "bucket is null");
    requireNonNull(accessKey, "accessKey is null");
    requireNonNull(secretKey, "secretKey is null");
    if (endpoint.getHost() == null
        || !("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))) {
      throw new IllegalArgumentException(
          "TIDEMARK_S3_ENDPOINT has to look like https://s3.example.org");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return endpoint + "/" + bucket;
  }
}
