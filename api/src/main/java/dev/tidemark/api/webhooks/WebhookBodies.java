package dev.tidemark.api.webhooks;

import io.swagger.v3.oas.annotations.media.Schema;

/** The shapes of what is said to other programs, for the OpenAPI document. */
final class WebhookBodies {
  private WebhookBodies() {}

  @Schema(name = "WebhookTaken", description = "The job that it has become.")
  record Taken(String job) {}
}
