package dev.tidemark.bench.verify.cache.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Asks a node by its side door. */
public final class SideLine implements Wire {
  /** How a question is asked: of the cache, of Postgres, or whether memory has the answer. */
  public static final byte PLAIN = 0;

  public static final byte AT_ONCE = 1;
  public static final byte KEPT = 2;

  /** A request of so many questions turns the connection into a {@link GoneLine}. */
  public static final int WATCH = -1;

  private static final int CONNECT_MILLIS = 2_000;
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private Tier tier = Tier.NONE;
  private long value;

  /**
   * Connects.
   *
   * @param port the file in which the node wrote where its side door is
   */
  public SideLine(Path port, Duration patience) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) patience.toMillis());
      int number = Integer.parseInt(Files.readString(port));
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), number), CONNECT_MILLIS);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** The file in which a node writes it, by where it keeps its state. */
  public static Path port(Path state) {
    return Path.of(state + ".port");
  }

  @Override
  public void send(List<Sent> questions, boolean atOnce) throws IOException {
    send(questions, atOnce ? AT_ONCE : PLAIN);
  }

  public void send(List<Sent> questions, byte manner) throws IOException {
    out.writeInt(questions.size());
    for (Sent one : questions) {
      out.writeByte(manner);
      out.writeUTF(one.path());
    }
    out.flush();
  }

  @Override
  public void receive() throws IOException {
    tier = Tier.of(in.readByte());
    value = in.readLong();
  }

  @Override
  public int status() {
    return tier == Tier.NONE ? UNAVAILABLE : OK;
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
