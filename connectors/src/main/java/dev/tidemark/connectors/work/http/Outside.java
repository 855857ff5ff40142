package dev.tidemark.connectors.work.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks hosts outside. A host is looked up once, all its addresses are checked, and the connection
 * goes to an address that was checked: a name that means another address a moment later gains
 * nothing. Redirects are not followed, and nothing is asked twice. Thread-safe.
 */
public final class Outside implements AutoCloseable {
  private static final Timeout CONNECT = Timeout.ofSeconds(10);
  private static final int CONNECTIONS = 64;
  private static final int CONNECTIONS_OF_HOST = 16;
  private static final int PIECE = 16 * 1024;

  /** Where a host is. */
  @FunctionalInterface
  public interface Lookup {
    /** What the machine knows. */
    Lookup SYSTEM = InetAddress::getAllByName;

    InetAddress[] find(String host) throws UnknownHostException;
  }

  private final CloseableHttpClient client;
  private final Reach reach;

  public Outside(Reach reach) {
    this(reach, Lookup.SYSTEM);
  }

  public Outside(Reach reach, Lookup lookup) {
    this.reach = reach;
    client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(new Checked(reach, lookup))
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS_OF_HOST)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT)
                            .setSocketTimeout(Timeout.ofSeconds(60))
                            .setTimeToLive(TimeValue.ofMinutes(5))
                            .build())
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .setUserAgent("Tidemark")
            .build();
  }

  /** Whom it may ask. */
  public Reach reach() {
    return reach;
  }

  /**
   * Asks and reads the reply.
   *
   * @throws AddressRefused if nobody may be asked there
   * @throws ReplyTooLong if the reply has more bytes than it may
   * @throws IOException if no whole reply came in time
   */
  public Reply send(Request request) throws IOException {
    reach.url(request.url().toString());
    HttpUriRequestBase asked = new HttpUriRequestBase(request.method(), request.url());
    request.headers().forEach(asked::setHeader);
    if (request.body().length > 0) {
      asked.setEntity(new ByteArrayEntity(request.body(), null));
    }
    Timeout limit = Timeout.of(request.limit());
    asked.setConfig(
        RequestConfig.custom()
            .setResponseTimeout(limit)
            .setConnectionRequestTimeout(limit)
            .build());
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            asked::abort,
            CompletableFuture.delayedExecutor(request.limit().toMillis(), TimeUnit.MILLISECONDS));
    try {
      return client.execute(asked, response -> read(response, request.mostBytes()));
    } catch (IOException e) {
      if (alarm.isDone()) {
        throw new IOException("no whole reply within " + seconds(request.limit()), e);
      }
      throw e;
    } finally {
      alarm.cancel(false);
    }
  }

  private static Reply read(ClassicHttpResponse response, int most) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (Header header : response.getHeaders()) {
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new Reply(response.getCode(), headers, new byte[0]);
    }
    try (InputStream body = entity.getContent()) {
      byte[] bytes = body == null ? new byte[0] : body.readNBytes(most);
      if (body != null && bytes.length == most && body.read(new byte[PIECE]) >= 0) {
        // Closed hard: what is left is not read to save the connection.
        response.close();
        throw new ReplyTooLong(most);
      }
      return new Reply(response.getCode(), headers, bytes);
    }
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /** Looks up and checks in one step, and gives what was checked to whoever connects. */
  private record Checked(Reach reach, Lookup lookup) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return reach.addresses(host, lookup.find(host));
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
