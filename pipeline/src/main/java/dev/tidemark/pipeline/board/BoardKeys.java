package dev.tidemark.pipeline.board;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.board.core.Phase;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of the board's store, by their first byte. Names and ids have no zero byte.
 *
 * <pre>
 * J id                          a job behind its card
 * I queue 0 phase -at id        the jobs of a queue in a phase, the youngest first
 * K key 0 -at id                the jobs with a key, the youngest first
 * R queue 0 order id            the jobs of a queue that are ready, in their order
 * G id 0 number                 a line of a job's log
 * P topic/partition             the offset to go on with
 * M name                        what the store knows of itself
 * </pre>
 */
final class BoardKeys {
  private static final byte JOB = 'J';
  private static final byte LIST = 'I';
  private static final byte KEY = 'K';
  private static final byte READY = 'R';
  private static final byte LINE = 'G';
  private static final byte POSITION = 'P';
  private static final byte META = 'M';

  private BoardKeys() {}

  static byte[] job(String id) {
    return plain(JOB, id);
  }

  static byte[] lists() {
    return new byte[] {LIST};
  }

  static byte[] list(String queue, Phase phase) {
    byte[] name = named(LIST, queue, 1);
    name[name.length - 1] = phase.code();
    return name;
  }

  static byte[] list(Card card, String id) {
    return youngestFirst(list(card.queue(), card.phase()), card.atMicros(), id);
  }

  static byte[] key(String key) {
    return named(KEY, key, 0);
  }

  static byte[] key(String key, long atMicros, String id) {
    return youngestFirst(key(key), atMicros, id);
  }

  /** Behind all that are younger. */
  static byte[] youngestFirst(byte[] prefix, long atMicros, String id) {
    byte[] text = id.getBytes(UTF_8);
    return ByteBuffer.allocate(prefix.length + Long.BYTES + text.length)
        .put(prefix)
        .putLong(~(atMicros ^ Long.MIN_VALUE))
        .put(text)
        .array();
  }

  static byte[] ready(String queue) {
    return named(READY, queue, 0);
  }

  static byte[] ready(Card card, String id) {
    byte[] prefix = ready(card.queue());
    byte[] text = id.getBytes(UTF_8);
    return ByteBuffer.allocate(prefix.length + Long.BYTES + text.length)
        .put(prefix)
        .putLong(card.order() ^ Long.MIN_VALUE)
        .put(text)
        .array();
  }

  static byte[] lines(String id) {
    return named(LINE, id, 0);
  }

  static byte[] line(String id, long number) {
    byte[] prefix = lines(id);
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  static long numberOfLine(byte[] key) {
    return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
  }

  static byte[] position(String topic, int partition) {
    return plain(POSITION, topic + "/" + partition);
  }

  static byte[] meta(String name) {
    return plain(META, name);
  }

  /** The id at the end of a key of a list. */
  static String idIn(byte[] key, int prefix) {
    int from = prefix + Long.BYTES;
    return new String(key, from, key.length - from, UTF_8);
  }

  static long atIn(byte[] key, int prefix) {
    return ~ByteBuffer.wrap(key, prefix, Long.BYTES).getLong() ^ Long.MIN_VALUE;
  }

  static long orderIn(byte[] key, int prefix) {
    return ByteBuffer.wrap(key, prefix, Long.BYTES).getLong() ^ Long.MIN_VALUE;
  }

  /** The queue of a key of a list. */
  static String queueIn(byte[] key) {
    return new String(key, 1, zero(key) - 1, UTF_8);
  }

  static Phase phaseIn(byte[] key) {
    return Phase.ofCode(key[zero(key) + 1]);
  }

  private static int zero(byte[] key) {
    int at = 1;
    while (key[at] != 0) {
      at++;
    }
    return at;
  }

  /** The first key behind all that begin so. */
  static byte[] behind(byte[] prefix) {
    byte[] end = prefix.clone();
    int last = end.length - 1;
    while (end[last] == (byte) 0xff) {
      last--;
    }
    end[last]++;
    return Arrays.copyOf(end, last + 1);
  }

  private static byte[] plain(byte kind, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(kind).put(bytes).array();
  }

  private static byte[] named(byte kind, String name, int more) {
    byte[] bytes = name.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + bytes.length + more).put(kind).put(bytes).array();
  }
}
