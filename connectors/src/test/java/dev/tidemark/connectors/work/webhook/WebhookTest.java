package dev.tidemark.connectors.work.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.work.Rig;
import dev.tidemark.connectors.work.TestContext;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Reach;
import dev.tidemark.contract.webhook.WebhookSignature;
import dev.tidemark.contract.webhook.WebhookSignature.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks over real HTTP. */
@Timeout(120)
class WebhookTest {
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");
  private static final String SECRET = "a secret of some length";

  /** A call as it came in. */
  record Call(String id, String event, String signature, byte[] body) {}

  private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
  private final TestContext context = new TestContext();
  private volatile int status = 204;
  private HttpServer server;
  private Outside outside;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    outside = new Outside(Reach.parse("", "127.0.0.1"));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.add(
          new Call(
              exchange.getRequestHeaders().getFirst("Tidemark-Id"),
              exchange.getRequestHeaders().getFirst("Tidemark-Event"),
              exchange.getRequestHeaders().getFirst("Tidemark-Signature"),
              exchange.getRequestBody().readAllBytes()));
      exchange.getResponseHeaders().set("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @AfterEach
  void stop() {
    outside.close();
    server.stop(0);
  }

  private DeliverWebhook deliver(Outside door) {
    return new DeliverWebhook(door, Map.of("default", SECRET), InstantSource.fixed(NOW));
  }

  private ObjectNode input(String host) throws IOException {
    return json(
        "{\"url\": \"http://"
            + host
            + ":"
            + server.getAddress().getPort()
            + "/hook\", \"event\": \"order.created\", \"body\": {\"n\": 1.50, \"t\": \"ü\"}}");
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(text);
  }

  @Test
  void aDeliveryIsSignedAndNamesItself() throws Exception {
    assertThat(deliver(outside).run(input("127.0.0.1"), context))
        .isEqualTo(new DeliverWebhook.Delivered(204, "0001-test"));
    deliver(outside).run(input("127.0.0.1").put("id", "mine"), context);
    assertThat(calls).extracting(Call::id).containsExactly("0001-test", "mine");
    Call call = calls.element();
    assertThat(call.event()).isEqualTo("order.created");
    assertThat(new String(call.body(), UTF_8)).isEqualTo("{\"n\":1.5,\"t\":\"ü\"}");
    assertThat(
            WebhookSignature.verify(
                SECRET, call.signature(), call.id(), call.body(), NOW, WebhookSignature.TOLERANCE))
        .isEqualTo(Verdict.GENUINE);
  }

  @Test
  void theStatusSaysWhatBecomesOfIt() throws Exception {
    for (int again : new int[] {301, 307, 400, 404, 429, 500, 503}) {
      status = again;
      assertThatThrownBy(() -> deliver(outside).run(input("127.0.0.1"), context))
          .isInstanceOf(IOException.class)
          .hasMessage("the other side answers with status " + again);
    }
    assertThat(calls).as("no redirect is followed, nothing is sent twice").hasSize(7);
    status = 410;
    assertThatThrownBy(() -> deliver(outside).run(input("127.0.0.1"), context))
        .isInstanceOf(FinalError.class);
  }

  @Test
  void aNameThatLeadsInsideIsNotCalled() throws Exception {
    try (Outside closed =
        new Outside(Reach.open(), _ -> new InetAddress[] {InetAddress.getLoopbackAddress()})) {
      assertThatThrownBy(() -> deliver(closed).run(input("innocent.example"), context))
          .isInstanceOf(FinalError.class)
          .hasMessageContaining("innocent.example is at 127.0.0.1");
    }
    assertThat(calls).isEmpty();
  }

  /** The first answer is harmless; whoever looked up again to connect would be led inside. */
  @Test
  void aNameIsLookedUpOnceAndTheConnectionGoesWhereTheCheckWent() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    byte[] loopback = {127, 0, 0, 1};
    byte[] other = {127, 0, 0, 2};
    try (Outside rebinding =
        new Outside(
            Reach.parse("", "127.0.0.1"),
            host ->
                new InetAddress[] {
                  InetAddress.getByAddress(host, lookups.getAndIncrement() == 0 ? loopback : other)
                })) {
      assertThat(deliver(rebinding).run(input("rebinding.example"), context).status())
          .isEqualTo(204);
    }
    assertThat(lookups).hasValue(1);
  }

  @Test
  void whatCannotBeSentIsRefused() throws Exception {
    assertThatThrownBy(
            () -> deliver(outside).run(input("127.0.0.1").put("event", "a\r\nX: y"), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("event may have visible characters of ASCII only");
    assertThatThrownBy(
            () -> deliver(outside).run(input("127.0.0.1").put("secret", "other"), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("there is no secret 'other' of webhooks");
    assertThatThrownBy(
            () ->
                deliver(outside).run(input("127.0.0.1").put("body", "x".repeat(300_000)), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("body may have 262,144 bytes");
    assertThat(calls).isEmpty();
  }

  @Test
  void whatIsToldIsKeptOnceAndBeginsWhatFollows() throws Exception {
    try (Rig rig = Rig.fresh()) {
      ReceiveWebhook handler = new ReceiveWebhook(rig.database());
      ObjectNode told =
          json(
              "{\"source\": \"integration/7\", \"id\": \"e1\", \"headers\": {\"x\": \"y\"},"
                  + " \"body\": \"{\\\"topic\\\": \\\"orders/updated\\\"}\"}");
      assertThat(handler.run(told, context))
          .isEqualTo(new ReceiveWebhook.Received(false, List.of("child orders")));
      assertThat(handler.run(told, context))
          .as("told again, or an attempt after one that died")
          .isEqualTo(new ReceiveWebhook.Received(true, List.of("child orders")));
      assertThat(rig.rows("SELECT source, id, headers, body FROM tidemark.inbound"))
          .containsExactly("integration/7|e1|{\"x\": \"y\"}|{\"topic\": \"orders/updated\"}");
      assertThat(context.submitted()).containsOnlyKeys("orders");
      assertThat(context.submitted().values())
          .allSatisfy(
              job -> {
                assertThat(job.type()).isEqualTo("sync_orders");
                assertThat(job.input()).hasToString("{\"integration_id\":7}");
              });
      assertThat(
              handler
                  .run(
                      json("{\"source\": \"integration/7\", \"id\": \"e2\", \"body\": \"?\"}"),
                      context)
                  .jobs())
          .hasSize(3);
      assertThat(
              handler
                  .run(json("{\"source\": \"partner\", \"id\": \"e2\", \"body\": \"?\"}"), context)
                  .jobs())
          .isEmpty();
      assertThatThrownBy(
              () ->
                  handler.run(
                      json("{\"source\": \"../x\", \"id\": \"e2\", \"body\": \"?\"}"), context))
          .isInstanceOf(FinalError.class);
    }
  }
}
