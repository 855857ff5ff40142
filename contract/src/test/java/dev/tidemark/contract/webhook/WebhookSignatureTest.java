package dev.tidemark.contract.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.webhook.WebhookSignature.Verdict;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
  private static final String SECRET = "a secret of some length";
  private static final Instant NOW = Instant.ofEpochSecond(1_767_225_600);
  private static final String ID = "d-7";
  private static final byte[] BODY = "{\"a\": \"ü\"}".getBytes(UTF_8);

  private static Verdict verdict(String header, byte[] body, Instant now) {
    return WebhookSignature.verify(SECRET, header, ID, body, now, WebhookSignature.TOLERANCE);
  }

  /**
   * Made with: printf '1767225600\nd-7\n{"a": "ü"}' | openssl dgst -sha256 -hmac "(the secret)".
   */
  @Test
  void theHeaderIsWhatOthersWouldMakeOfIt() {
    assertThat(WebhookSignature.sign(SECRET, NOW, ID, BODY))
        .isEqualTo(
            "t=1767225600,v1=a91216ecac2f8e500048ae4f75e52c153855a9d1619459d17717711ac58fdc80");
  }

  @Test
  void whatIsSignedIsGenuineForAWhile() {
    String header = WebhookSignature.sign(SECRET, NOW, ID, BODY);
    assertThat(verdict(header, BODY, NOW)).isEqualTo(Verdict.GENUINE);
    assertThat(verdict(header, BODY, NOW.plusSeconds(300))).isEqualTo(Verdict.GENUINE);
    assertThat(verdict(header, BODY, NOW.plusSeconds(301))).isEqualTo(Verdict.STALE);
    assertThat(verdict(header, BODY, NOW.minusSeconds(301))).isEqualTo(Verdict.STALE);
  }

  @Test
  void whateverIsChangedIsForged() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String header = WebhookSignature.sign(SECRET, NOW, ID, BODY);
    for (int round = 0; round < 500; round++) {
      byte[] other = BODY.clone();
      other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(verdict(header, other, NOW)).as("seed %d", seed).isEqualTo(Verdict.FORGED);
      char[] text = header.toCharArray();
      int at = random.nextInt(text.length);
      text[at] = (char) (text[at] ^ (1 << random.nextInt(7)));
      assertThat(verdict(new String(text), BODY, NOW))
          .as("seed %d, '%s'", seed, new String(text))
          .isNotEqualTo(Verdict.GENUINE);
    }
    assertThat(
            WebhookSignature.verify(SECRET, header, "d-8", BODY, NOW, WebhookSignature.TOLERANCE))
        .as("told again under another id")
        .isEqualTo(Verdict.FORGED);
    assertThat(
            WebhookSignature.verify(
                SECRET + "!", header, ID, BODY, NOW, WebhookSignature.TOLERANCE))
        .isEqualTo(Verdict.FORGED);
  }

  @Test
  void aTimeThatWasNotSignedDoesNotHelp() {
    String old = WebhookSignature.sign(SECRET, NOW.minusSeconds(3600), ID, BODY);
    String moved = old.replaceFirst("t=[0-9]+", "t=" + NOW.getEpochSecond());
    assertThat(verdict(moved, BODY, NOW)).isEqualTo(Verdict.FORGED);
    assertThat(verdict("t=" + NOW.getEpochSecond() + "," + old, BODY, NOW))
        .isEqualTo(Verdict.UNREADABLE);
  }

  @Test
  void whileASecretIsChangedEitherWillDo() {
    String mine = WebhookSignature.sign(SECRET, NOW, ID, BODY);
    String other = WebhookSignature.sign("the one that comes next", NOW, ID, BODY);
    String both = other + "," + mine.substring(mine.indexOf("v1="));
    assertThat(verdict(both, BODY, NOW)).isEqualTo(Verdict.GENUINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t=,v1=",
        "t=1767225600",
        "v1=00",
        "t=-1,v1=00",
        "t=99999999999999,v1=00",
        "t=1,v1=0,v1=0,v1=0,v1=0,v1=0,v1=0",
        "hello"
      })
  void whatCannotBeReadIsSaidToBeSo(String header) {
    assertThat(verdict(header, BODY, NOW)).isEqualTo(Verdict.UNREADABLE);
  }

  @Test
  void aSecretThatCanBeGuessedIsRefused() {
    assertThatThrownBy(() -> WebhookSignature.sign("short", NOW, ID, BODY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
