package dev.tidemark.api.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookSettingsTest {
  @Test
  void aSourceHasItsOwnSecretOrThatForAll() {
    WebhookSettings settings =
        WebhookSettings.from(
            Map.of(
                "TIDEMARK_WEBHOOK_SECRET", "for-all-of-the-others",
                "TIDEMARK_WEBHOOK_SECRET_SHOP_7", "of-shop-7-and-nobody",
                "TIDEMARK_WEBHOOK_SECRET_EMPTY", " ",
                "TIDEMARK_WEBHOOK_SECRETS", "something else"));
    assertThat(settings.secretOf("shop/7")).contains("of-shop-7-and-nobody");
    assertThat(settings.secretOf("shop/8")).contains("for-all-of-the-others");
    assertThat(settings.secretOf("empty")).contains("for-all-of-the-others");
    assertThat(settings.secretOf("s")).contains("for-all-of-the-others");
    assertThat(settings.toString()).doesNotContain("for-all", "of-shop");
  }

  @Test
  void withoutASecretThereIsNone() {
    assertThat(WebhookSettings.from(Map.of())).isEqualTo(WebhookSettings.NONE);
    assertThat(WebhookSettings.NONE.secretOf("shop")).isEmpty();
  }

  @Test
  void aShortSecretIsRefusedAndNotRepeated() {
    assertThatThrownBy(
            () -> WebhookSettings.from(Map.of("TIDEMARK_WEBHOOK_SECRET_SHOP", "too-short")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TIDEMARK_WEBHOOK_SECRET_SHOP")
        .hasMessageNotContaining("too-short");
  }
}
