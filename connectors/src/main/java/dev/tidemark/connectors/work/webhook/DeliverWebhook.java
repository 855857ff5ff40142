package dev.tidemark.connectors.work.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import dev.tidemark.connectors.work.given.Given;
import dev.tidemark.connectors.work.http.AddressRefused;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Reply;
import dev.tidemark.connectors.work.http.ReplyTooLong;
import dev.tidemark.connectors.work.http.Request;
import dev.tidemark.contract.webhook.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * {@code deliver_webhook}: posts a body to a URL. Input: {@code {"url": "https://…", "event":
 * "order.created", "body": {…}, "id": "…", "secret": "partner"}}; the id is the job's if there is
 * none; {@code secret} names one that this process was told, {@code default} if there is none.
 * Secrets themselves are no input: jobs are kept and shown.
 *
 * <p>The headers are {@code Tidemark-Id}, {@code Tidemark-Event} and {@code Tidemark-Signature}:
 * see {@link WebhookSignature}. A status of 200 to 299 means that it is delivered, 410 that nobody
 * will ever want it; all else is tried again as the catalog says. Redirects are not followed.
 */
final class DeliverWebhook implements JobHandler<ObjectNode, DeliverWebhook.Delivered> {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final int GONE = 410;
  private static final int LONGEST_BODY = 256 * 1024;
  private static final int LONGEST_REPLY = 64 * 1024;

  /** How the other side took it. */
  record Delivered(int status, String id) {}

  private final Outside outside;
  private final Map<String, String> secrets;
  private final InstantSource clock;

  DeliverWebhook(Outside outside, Map<String, String> secrets, InstantSource clock) {
    this.outside = outside;
    this.secrets = Map.copyOf(secrets);
    this.clock = clock;
  }

  @Override
  public String type() {
    return "deliver_webhook";
  }

  @Override
  public Class<ObjectNode> input() {
    return ObjectNode.class;
  }

  @Override
  public Delivered run(ObjectNode input, JobContext context) throws Exception {
    Given given = new Given(input);
    String id = header(given.maybeText("id", 200).orElse(context.id()), "id");
    String event = header(given.text("event", 200), "event");
    byte[] body = body(given.raw("body"));
    String name = given.maybeText("secret", 63).orElse("default");
    String secret = secrets.get(name);
    if (secret == null) {
      throw new FinalError("there is no secret '" + name + "' of webhooks");
    }
    try {
      URI url = outside.reach().url(given.text("url", 2_000));
      Reply reply = outside.send(request(url, id, event, secret, body));
      return delivered(reply.status(), id);
    } catch (AddressRefused e) {
      throw new FinalError(String.valueOf(e.getMessage()), e);
    } catch (ReplyTooLong e) {
      // What the other side thinks of it was its status, and nobody reads more.
      throw new IOException("the other side says too much", e);
    }
  }

  private Request request(URI url, String id, String event, String secret, byte[] body) {
    Instant now = clock.instant();
    return new Request(
        "POST",
        url,
        Map.of(
            "Content-Type",
            "application/json",
            WebhookSignature.ID_HEADER,
            id,
            WebhookSignature.EVENT_HEADER,
            event,
            WebhookSignature.HEADER,
            WebhookSignature.sign(secret, now, id, body)),
        body,
        LIMIT,
        LONGEST_REPLY);
  }

  private static Delivered delivered(int status, String id) throws IOException, FinalError {
    if (status >= 200 && status < 300) {
      return new Delivered(status, id);
    }
    if (status == GONE) {
      throw new FinalError("the other side says that it is gone for good");
    }
    throw new IOException("the other side answers with status " + status);
  }

  private static byte[] body(JsonNode body) throws FinalError {
    if (body.isMissingNode()) {
      throw new FinalError("body is missing");
    }
    byte[] bytes = body.toString().getBytes(UTF_8);
    if (bytes.length > LONGEST_BODY) {
      throw new FinalError("body may have %,d bytes".formatted(LONGEST_BODY));
    }
    return bytes;
  }

  /** A line break in a header would begin another. */
  private static String header(String text, String name) throws FinalError {
    if (!text.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
      throw new FinalError(name + " may have visible characters of ASCII only");
    }
    return text;
  }
}
