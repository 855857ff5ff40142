package dev.tidemark.bench.verify.cache.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has a node say when answers go from its memory. The node looks itself: asking it each millisecond
 * costs more than what is measured.
 */
public final class GoneLine implements AutoCloseable {
  private final Socket socket;
  private final DataOutputStream out;
  private final Thread thread;

  /** Is told what has gone. */
  public interface Listener {
    /**
     * An answer has gone.
     *
     * @param nanos when, by the clock that all processes of the machine share
     */
    void gone(String path, long nanos);
  }

  /**
   * Connects.
   *
   * @param port the file in which the node wrote where its side door is
   */
  public GoneLine(Path port, Listener listener) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(Files.readString(port)));
    socket.setTcpNoDelay(true);
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    thread = Thread.ofPlatform().name("gone").daemon().start(() -> read(in, listener));
    out.writeInt(SideLine.WATCH);
  }

  /** From now on this answer is looked at; if it is not there, it has gone already. */
  public synchronized void watch(String path) throws IOException {
    out.writeUTF(path);
    out.flush();
  }

  private static void read(DataInputStream in, Listener listener) {
    try {
      while (true) {
        listener.gone(in.readUTF(), in.readLong());
      }
    } catch (IOException e) {
      // Closed, by either side.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
