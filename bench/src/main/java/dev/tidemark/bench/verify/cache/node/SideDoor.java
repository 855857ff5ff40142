package dev.tidemark.bench.verify.cache.node;

import dev.tidemark.api.cache.Answer;
import dev.tidemark.api.cache.Given;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.bench.verify.cache.wire.SideLine;
import dev.tidemark.bench.verify.cache.wire.Values;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks the cache of its node without HTTP, which costs many times what a hit does: so that races
 * are looked for a hundred times as often on the same machine.
 *
 * <p>A request is a number of questions, each how it is asked and a path; the answer is for each of
 * them the initial of the tier and the value of the body.
 */
final class SideDoor {
  private static final char FAILED = '-';
  private static final Duration GLANCE = Duration.ofNanos(500_000);

  private final ViewCache cache;
  private final ServerSocket socket;

  private SideDoor(ViewCache cache) throws IOException {
    this.cache = cache;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Opens one, and writes its port to a file beside the node's state. */
  static void open(ViewCache cache, Path state) {
    try {
      SideDoor door = new SideDoor(cache);
      Path port = SideLine.port(state);
      Path written = Files.writeString(Path.of(port + ".new"), "" + door.socket.getLocalPort());
      Files.move(written, port, StandardCopyOption.REPLACE_EXISTING);
      Thread.ofPlatform().daemon().name("side-door").start(door::accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket caller = socket.accept();
        Thread.ofPlatform().daemon().name("side-door-caller").start(() -> serve(caller));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket caller) {
    Map<String, Question> known = new HashMap<>();
    try (caller) {
      caller.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new BufferedInputStream(caller.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(caller.getOutputStream()));
      while (true) {
        int count = in.readInt();
        if (count == SideLine.WATCH) {
          watch(in, out);
          return;
        }
        for (int i = 0; i < count; i++) {
          byte manner = in.readByte();
          Question question = known.computeIfAbsent(in.readUTF(), this::question);
          answer(question, manner, out);
        }
        out.flush();
      }
    } catch (IOException e) {
      // The caller has gone.
      return;
    }
  }

  /** Says of each answer that it is told of when it has gone from memory. */
  private void watch(DataInputStream in, DataOutputStream out) throws IOException {
    Map<String, String> watched = new ConcurrentHashMap<>();
    Thread looking =
        Thread.ofPlatform().daemon().name("side-door-looking").start(() -> look(watched, out));
    try {
      while (true) {
        String path = in.readUTF();
        watched.put(path, question(path).key());
      }
    } finally {
      looking.interrupt();
    }
  }

  private void look(Map<String, String> watched, DataOutputStream out) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        for (Map.Entry<String, String> one : Map.copyOf(watched).entrySet()) {
          if (cache.memory().get(one.getValue()) == null) {
            long now = System.nanoTime();
            watched.remove(one.getKey());
            out.writeUTF(one.getKey());
            out.writeLong(now);
            out.flush();
          }
        }
        LockSupport.parkNanos(GLANCE.toNanos());
      }
    } catch (IOException e) {
      // The caller has gone.
      return;
    }
  }

  private void answer(Question question, byte manner, DataOutputStream out) throws IOException {
    try {
      if (manner == SideLine.KEPT) {
        out.writeByte(cache.memory().get(question.key()) == null ? FAILED : 'm');
        out.writeLong(0);
        return;
      }
      Given given = cache.ask(question, manner == SideLine.AT_ONCE);
      Answer answer = given.answer();
      out.writeByte(given.tier().text().charAt(0));
      out.writeLong(
          answer.absent() ? Values.ABSENT : Values.of(answer.body(), 0, answer.body().length));
    } catch (AwayException e) {
      out.writeByte(FAILED);
      out.writeLong(0);
    }
  }

  private Question question(String path) {
    List<String> parts = List.of(path.split("/", -1));
    var view = cache.view(parts.get(3)).orElseThrow();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < view.key().parameters().size(); i++) {
      values.put(
          view.key().parameters().get(i),
          URLDecoder.decode(parts.get(4 + i), StandardCharsets.UTF_8));
    }
    return Question.of(view, values);
  }
}
