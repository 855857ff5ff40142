package dev.tidemark.api.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** The scripts that change or judge what Redis holds, each in one step. */
@SuppressWarnings("ImmutableEnumChecker") // its arrays are written once
enum Scripts {
  LOOK,
  FILL,
  RELEASE,
  OPEN,
  APPLY,
  SWEEP;

  private final byte[] text =
      (read("common") + read(name().toLowerCase(Locale.ROOT))).getBytes(UTF_8);
  private final byte[] hash = sha1(text);

  /** Runs it; Redis is given the text if it does not have it. */
  Object run(UnifiedJedis redis, List<byte[]> keys, List<byte[]> arguments) {
    try {
      return redis.evalsha(hash, keys, arguments);
    } catch (JedisNoScriptException _) {
      return redis.eval(text, keys, arguments);
    }
  }

  private static String read(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("there is no script " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha1(byte[] text) {
    try {
      // How Redis calls its scripts; nothing is kept secret by it.
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
      return HexFormat.of().formatHex(digest).getBytes(UTF_8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every platform has SHA-1", e);
    }
  }
}
