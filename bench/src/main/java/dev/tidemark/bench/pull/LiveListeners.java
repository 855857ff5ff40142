package dev.tidemark.bench.pull;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Many live connections that are read by one thread, which understands no more of what it hears
 * than it must: it looks for marks, and answers pings.
 */
final class LiveListeners implements AutoCloseable {
  private static final int BUFFER = 256 << 10;
  private static final int AT_ONCE = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] CAUGHT_UP = "{\"type\":\"caught_up\"".getBytes(US_ASCII);
  private static final byte[] SUBSCRIBE =
      Frames.ofClient(0x1, "{\"type\":\"subscribe\"}".getBytes(US_ASCII));

  private final InetSocketAddress node;
  private final Heard heard;
  private final Selector selector;
  private final Queue<Connection> arriving = new ConcurrentLinkedQueue<>();
  private final AtomicInteger caughtUp = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /** Is told of every mark that anybody received. */
  @FunctionalInterface
  interface Heard {
    void mark(long number, long nanos);
  }

  private LiveListeners(URI node, Heard heard) throws IOException {
    this.node = new InetSocketAddress(node.getHost(), node.getPort());
    this.heard = heard;
    this.selector = Selector.open();
    this.thread = Thread.ofPlatform().name("live-listeners").daemon().start(this::run);
  }

  /** Connects with each of these tokens; returns when all have caught up. */
  static LiveListeners open(URI node, List<String> tokens, Heard heard) throws Exception {
    LiveListeners listeners = new LiveListeners(node, heard);
    try {
      listeners.connect(tokens);
      return listeners;
    } catch (Exception e) {
      listeners.close();
      throw e;
    }
  }

  /** How many connections the node has ended. */
  int lost() {
    return lost.get();
  }

  private void connect(List<String> tokens) throws Exception {
    Semaphore some = new Semaphore(AT_ONCE);
    List<Future<?>> connecting = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String token : tokens) {
        some.acquire();
        connecting.add(
            threads.submit(
                () -> {
                  try {
                    connect(token);
                  } finally {
                    some.release();
                  }
                  return token;
                }));
      }
    }
    for (Future<?> one : connecting) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a live connection cannot be made", e.getCause());
      }
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (caughtUp.get() < tokens.size()) {
      if (failure != null || lost.get() > 0 || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d have caught up, %d were ended"
                .formatted(caughtUp.get(), tokens.size(), lost.get()),
            failure);
      }
      Thread.sleep(1);
    }
  }

  private void connect(String token) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(node);
      String request =
          """
          GET /api/sync/live HTTP/1.1\r
          Host: %s:%d\r
          Connection: Upgrade\r
          Upgrade: websocket\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Authorization: Bearer %s\r
          \r
          """
              .formatted(node.getHostString(), node.getPort(), token);
      write(channel, request.getBytes(US_ASCII));
      awaitAccepted(channel);
      write(channel, SUBSCRIBE);
      channel.configureBlocking(false);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    arriving.add(new Connection(channel));
    selector.wakeup();
  }

  /** Nothing follows the answer before the subscription is sent. */
  private static void awaitAccepted(SocketChannel channel) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(4096);
    String answer = "";
    while (!answer.endsWith("\r\n\r\n")) {
      if (channel.read(in) < 0) {
        throw new IOException("the node hung up: " + answer);
      }
      answer = new String(in.array(), 0, in.position(), ISO_8859_1);
      if (answer.length() >= 12 && !answer.startsWith("101", 9)) {
        throw new IOException("the node does not want a WebSocket: " + answer);
      }
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  private void run() {
    try (selector) {
      while (!closed) {
        selector.select(this::read, 1_000);
        for (Connection one = arriving.poll(); one != null; one = arriving.poll()) {
          one.channel.register(selector, SelectionKey.OP_READ, one);
        }
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
      if (!closed) {
        e.printStackTrace();
      }
    }
  }

  private void read(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      buffer.clear();
      int count = connection.channel.read(buffer);
      if (count < 0) {
        throw new IOException("the node hung up");
      }
      connection.nanos = System.nanoTime();
      connection.frames.take(bytes, 0, count, connection);
    } catch (IOException | UncheckedIOException e) {
      lost.incrementAndGet();
      key.cancel();
      connection.shut();
    }
  }

  private final class Connection implements Frames.Hearing {
    private final SocketChannel channel;
    private final Frames frames = new Frames();
    private long nanos;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void text(byte[] message, int from, int to) {
      if (begins(message, from, to)) {
        caughtUp.incrementAndGet();
      } else {
        Marks.find(message, from, to, number -> heard.mark(number, nanos));
      }
    }

    private boolean begins(byte[] message, int from, int to) {
      return to - from >= CAUGHT_UP.length
          && Arrays.equals(message, from, from + CAUGHT_UP.length, CAUGHT_UP, 0, CAUGHT_UP.length);
    }

    @Override
    public void ping(byte[] message, int from, int to) {
      try {
        // A few bytes on a connection that says nothing else: they find room.
        channel.write(ByteBuffer.wrap(Frames.ofClient(0xA, Arrays.copyOfRange(message, from, to))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close(int code) {
      System.err.println("the node ends a live connection: " + code);
    }

    void shut() {
      try {
        channel.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
