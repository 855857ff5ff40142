package dev.tidemark.bench.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private final List<String> heard = new ArrayList<>();
  private final Frames frames = new Frames();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100, 126, 4096, 1 << 20})
  void framesComeWholeHoweverTheyAreCut(int piece) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes(frame(0x1, "short"));
    sent.writeBytes(frame(0x9, "are you there"));
    sent.writeBytes(frame(0x1, ""));
    sent.writeBytes(frame(0x1, "m".repeat(126)));
    sent.writeBytes(frame(0x1, "l".repeat(70_000)));
    sent.writeBytes(frame(0xA, "nobody asked"));
    sent.writeBytes(frame(0x8, "\u0004\u0000bye"));
    take(sent.toByteArray(), piece);
    assertThat(heard)
        .containsExactly(
            "text short",
            "ping are you there",
            "text ",
            "text " + "m".repeat(126),
            "text " + "l".repeat(70_000),
            "close 1024");
  }

  @Test
  void whatIsNotWholeWaits() {
    byte[] frame = frame(0x1, "hello");
    take(java.util.Arrays.copyOf(frame, frame.length - 1), frame.length);
    assertThat(heard).isEmpty();
    frames.take(frame, frame.length - 1, frame.length, new Noting());
    assertThat(heard).containsExactly("text hello");
  }

  @Test
  void aFrameInPartsIsRefusedForAMarkCouldBeTornInTwo() {
    byte[] frame = frame(0x1, "part");
    frame[0] = 0x1;
    assertThatThrownBy(() -> take(frame, frame.length)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void clientsMaskWhatTheySay() {
    byte[] frame = Frames.ofClient(0x1, "hi".getBytes(UTF_8));
    assertThat(frame).containsExactly(0x81, 0x82, 0, 0, 0, 0, 'h', 'i');
    assertThat(Frames.ofClient(0xA, new byte[300]))
        .hasSize(308)
        .startsWith(0x8A, 0x80 | 126, 1, 44);
  }

  @Test
  void marksAreFoundAmongOtherText() {
    List<Long> found = new ArrayList<>();
    byte[] text = "@1@ a@b \"@23@\" @x@ @@ @4 @5@@6@ @7".getBytes(UTF_8);
    Marks.find(text, 0, text.length, found::add);
    assertThat(found).containsExactly(1L, 23L, 5L, 6L);
    assertThat(Marks.text(23)).isEqualTo("@23@");
  }

  @Test
  void aPageSaysWhereTheNextBegins() throws Exception {
    String page =
        """
        {"changes":[{"kind":"put","data":{"note":"x"}},{"kind":"remove"},{"kind":"put"}],\
        "cursor":"abc-_1","has_more":true,"poll_after":0}""";
    Puller.Page read = Puller.read(page.getBytes(UTF_8), 10);
    assertThat(read.cursor()).isEqualTo("abc-_1");
    assertThat(read.more()).isTrue();
    assertThat(read.puts()).isEqualTo(2);
    assertThat(read.wireBytes()).isEqualTo(10);
  }

  @Test
  void memoryIsReadFromWhatTheMachineSays() {
    assertThat(
            NodeMemory.total(
                """
                 num     #instances         #bytes  class name (module)
                   1:            12          3456  [B (java.base@25)
                Total           120        345678
                """))
        .isEqualTo(345_678);
    assertThat(NodeMemory.resident("VmHWM:\t  20 kB\nVmRSS:\t  10 kB\n")).isEqualTo(10_240);
  }

  private void take(byte[] bytes, int piece) {
    for (int from = 0; from < bytes.length; from += piece) {
      frames.take(bytes, from, Math.min(bytes.length, from + piece), new Noting());
    }
  }

  /** As a server sends it: not masked. */
  private static byte[] frame(int kind, String text) {
    byte[] payload = text.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x80 | kind);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length <= 0xffff) {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >> shift));
      }
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  private final class Noting implements Frames.Hearing {
    @Override
    public void text(byte[] bytes, int from, int to) {
      heard.add("text " + new String(bytes, from, to - from, UTF_8));
    }

    @Override
    public void ping(byte[] bytes, int from, int to) {
      heard.add("ping " + new String(bytes, from, to - from, UTF_8));
    }

    @Override
    public void close(int code) {
      heard.add("close " + code);
    }
  }
}
