package dev.tidemark.standalone.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/** One request to the api of this machine. */
record Http(String url, Optional<String> token) {
  private static final int PATIENCE_MILLIS = 5_000;

  record Answer(int status, String body) {}

  Answer get(String path) throws IOException {
    // The small client that Java always had: the newer one costs a tenth of a second to load.
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url + path).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("Accept", "application/json");
    token.ifPresent(bearer -> connection.setRequestProperty("Authorization", "Bearer " + bearer));
    try {
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(status, body == null ? "" : new String(body.readAllBytes(), UTF_8));
      }
    } finally {
      connection.disconnect();
    }
  }
}
