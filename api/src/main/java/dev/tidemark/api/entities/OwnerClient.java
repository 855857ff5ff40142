package dev.tidemark.api.entities;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.api.request.Hop;
import dev.tidemark.api.request.RequestId;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the node that owns an entity, in the name of the caller. */
@Singleton
final class OwnerClient {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerClient.class);

  private final Duration patience;
  private final HttpClient client;

  OwnerClient(RelaySettings settings) {
    this.patience = settings.timeout();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  EntityAnswer ask(NodeAddress node, EntityQuestion question) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(node, question))
            .timeout(patience)
            .header("Authorization", question.authorization())
            .header(RequestId.HEADER, question.requestId().text())
            .header(Hop.HEADER, "1");
    question.ifNoneMatch().ifPresent(etags -> request.header("If-None-Match", etags));
    try {
      return answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      LOG.debug("{} does not answer", node, e);
      return new EntityAnswer.Unavailable("the node that owns the entity does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new EntityAnswer.Unavailable("this node is stopping");
    }
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
  }

  private static EntityAnswer answer(HttpResponse<byte[]> response) {
    return switch (response.statusCode()) {
      case 404 -> new EntityAnswer.Absent();
      case 200, 304 ->
          new EntityAnswer.Relayed(
              response.statusCode(),
              response.headers().firstValue("ETag"),
              response.body(),
              response.headers().firstValue("Content-Type"));
      default ->
          new EntityAnswer.Unavailable("the node that owns the entity cannot answer right now");
    };
  }

  private static URI uri(NodeAddress node, EntityQuestion question) {
    String path =
        "/api/entities/"
            + encoded(question.address().key().type())
            + "/"
            + encoded(question.address().key().id());
    return URI.create("http://" + node + path + (question.withMeta() ? "?include=meta" : ""));
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
  }
}
