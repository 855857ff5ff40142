package dev.tidemark.api.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.pipeline.scopelog.core.Position;
import dev.tidemark.pipeline.scopelog.core.Reading;
import dev.tidemark.pipeline.scopelog.core.Reading.Partial;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns how far a caller has read into a text that only this deployment can make, and only this
 * caller can use: it names scopes that were seen, and with another's one could ask what is in them.
 */
@Singleton
final class Cursors {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE = 16;
  private static final int LONGEST = 8192;

  /** Of before it was noted where the log ended. */
  private static final byte OLD_PLAIN = 1;

  private static final byte OLD_DEFLATED = 2;
  private static final byte PLAIN = 3;
  private static final byte DEFLATED = 4;

  /** Below it deflating costs more than it saves: a live device gets a cursor with each message. */
  private static final int SMALL = 512;

  private static final int LARGEST_CONTENT = 1 << 20;

  private final SecretKeySpec key;

  Cursors(PullSettings settings) {
    // A key of its own, so that no token is a cursor and no cursor a token.
    this.key =
        new SecretKeySpec(
            hmac(
                new SecretKeySpec(settings.cursorSecret().getBytes(UTF_8), ALGORITHM),
                "tidemark cursor".getBytes(UTF_8)),
            ALGORITHM);
  }

  /** What a text turned out to be. */
  sealed interface Read {}

  /** One of ours. */
  record Valid(Reading reading) implements Read {}

  /** One of ours, of a log that is no more. */
  record Foreign() implements Read {}

  /** Not one of ours, or not this caller's. */
  record Invalid() implements Read {}

  String write(Reading reading, String log, String subject) {
    byte[] content = content(reading, log);
    byte[] signed = Arrays.copyOf(content, content.length + SIGNATURE);
    System.arraycopy(signature(content, subject), 0, signed, content.length, SIGNATURE);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  Read read(String text, String log, String subject) {
    if (text.length() > LONGEST) {
      return new Invalid();
    }
    try {
      byte[] signed = Base64.getUrlDecoder().decode(text);
      if (signed.length <= SIGNATURE) {
        return new Invalid();
      }
      byte[] content = Arrays.copyOf(signed, signed.length - SIGNATURE);
      byte[] signature = Arrays.copyOfRange(signed, content.length, signed.length);
      if (!MessageDigest.isEqual(signature, signature(content, subject))) {
        return new Invalid();
      }
      return reading(content, log);
    } catch (IllegalArgumentException | IOException e) {
      return new Invalid();
    }
  }

  private static byte[] content(Reading reading, String log) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(128);
    plain.write(PLAIN);
    try (DataOutputStream out = new DataOutputStream(plain)) {
      out.writeUTF(log);
      write(out, reading.at());
      write(out, reading.seen());
      write(out, reading.known());
      write(out, reading.types());
      writePartials(out, reading.granted());
      writePartials(out, reading.revoked());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] content = plain.toByteArray();
    return content.length <= SMALL ? content : deflated(content);
  }

  private static byte[] deflated(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(DEFLATED);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      out.write(plain, 1, plain.length - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Read reading(byte[] content, String log) throws IOException {
    byte form = content[0];
    boolean isOld = form == OLD_PLAIN || form == OLD_DEFLATED;
    boolean isPlain = form == PLAIN || form == OLD_PLAIN;
    if (!isOld && form != PLAIN && form != DEFLATED) {
      return new Foreign();
    }
    InputStream bytes = new ByteArrayInputStream(content, 1, content.length - 1);
    try (DataInputStream in =
        new DataInputStream(isPlain ? bytes : new InflaterInputStream(bytes))) {
      if (!in.readUTF().equals(log)) {
        return new Foreign();
      }
      Position at = readPosition(in);
      Position seen = isOld ? at : readPosition(in);
      SortedSet<String> known = readTexts(in);
      SortedSet<String> types = readTexts(in);
      List<Partial> granted = readPartials(in);
      List<Partial> revoked = readPartials(in);
      return new Valid(new Reading(at, seen, known, granted, revoked, types));
    }
  }

  private static void write(DataOutputStream out, Position position) throws IOException {
    out.writeLong(position.offset());
    out.writeInt(position.index());
  }

  private static Position readPosition(DataInputStream in) throws IOException {
    return new Position(in.readLong(), in.readInt());
  }

  private static void write(DataOutputStream out, Collection<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  private static SortedSet<String> readTexts(DataInputStream in) throws IOException {
    SortedSet<String> texts = new TreeSet<>();
    for (int left = count(in); left > 0; left--) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  private static void writePartials(DataOutputStream out, List<Partial> partials)
      throws IOException {
    out.writeInt(partials.size());
    for (Partial partial : partials) {
      out.writeUTF(partial.scope());
      write(out, partial.from());
    }
  }

  private static List<Partial> readPartials(DataInputStream in) throws IOException {
    List<Partial> partials = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      partials.add(new Partial(in.readUTF(), readPosition(in)));
    }
    return partials;
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > LARGEST_CONTENT) {
      throw new IOException("no cursor has " + count + " scopes");
    }
    return count;
  }

  private byte[] signature(byte[] content, String subject) {
    byte[] who = subject.getBytes(UTF_8);
    byte[] all = Arrays.copyOf(content, content.length + 1 + who.length);
    System.arraycopy(who, 0, all, content.length + 1, who.length);
    return Arrays.copyOf(hmac(key, all), SIGNATURE);
  }

  private static byte[] hmac(SecretKeySpec key, byte[] content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
