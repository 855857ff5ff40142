package dev.tidemark.bench.verify.cache.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Asks a node over HTTP. It reads of an answer what counts and makes no objects: the clients share
 * the machine with what they ask.
 */
public final class Line implements Wire {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;
  private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
  private static final byte[] DETAIL = "detail=".getBytes(US_ASCII);

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;
  private byte[] buffer = new byte[16 << 10];
  private int from;
  private int to;
  private int status;
  private Tier tier = Tier.NONE;
  private long value;

  public Line(int port, Duration patience) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) patience.toMillis());
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT.toMillis());
      in = socket.getInputStream();
      out = socket.getOutputStream();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void send(List<Sent> questions, boolean atOnce) throws IOException {
    ByteArrayOutputStream requests = new ByteArrayOutputStream(4_096);
    questions.forEach(one -> requests.writeBytes(atOnce ? one.atOnce() : one.request()));
    requests.writeTo(out);
  }

  @Override
  public void receive() throws IOException {
    int end = header();
    status =
        100 * (buffer[from + 9] - '0') + 10 * (buffer[from + 10] - '0') + buffer[from + 11] - '0';
    int length = 0;
    tier = Tier.NONE;
    int at = from;
    while (at < end) {
      int line = at;
      while (buffer[at] != '\n') {
        at++;
      }
      at++;
      if (begins(line, LENGTH)) {
        length = number(line + LENGTH.length, at);
      } else if ((buffer[line] | 0x20) == 'c' && (buffer[line + 6] | 0x20) == 's') {
        tier = tier(line, at);
      }
    }
    while (to - end < length) {
      end -= fill();
    }
    // A problem says that there is nothing, in words.
    value = status == NOT_FOUND ? Values.ABSENT : Values.of(buffer, end, end + length);
    from = end + length;
  }

  /** Where the body begins. */
  private int header() throws IOException {
    int at = from;
    while (true) {
      while (at + 3 < to) {
        if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r') {
          return at + 4;
        }
        at++;
      }
      at -= fill();
    }
  }

  /** Reads more; says by how much what was read before has moved. */
  private int fill() throws IOException {
    int moved = 0;
    if (from > 0) {
      moved = from;
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      throw new EOFException("the node has hung up");
    }
    to += count;
    return moved;
  }

  private boolean begins(int at, byte[] name) {
    for (int i = 0; i < name.length; i++) {
      int c = buffer[at + i];
      if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int number(int at, int end) {
    int number = 0;
    for (int i = at; i < end; i++) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        number = 10 * number + buffer[i] - '0';
      }
    }
    return number;
  }

  private Tier tier(int line, int end) {
    for (int at = line; at + DETAIL.length < end; at++) {
      if (begins(at, DETAIL)) {
        return Tier.of(buffer[at + DETAIL.length]);
      }
    }
    return Tier.NONE;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public Tier tier() {
    return tier;
  }

  @Override
  public long value() {
    return value;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
