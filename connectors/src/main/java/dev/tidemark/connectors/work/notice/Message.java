package dev.tidemark.connectors.work.notice;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Something to tell somebody.
 *
 * @param key tells it from all others: who is given a message of the same key again has it already
 * @param recipient an address, a number, or a device's token; {@code user/(id)} for the devices of
 *     a user
 * @param subject may be empty
 * @param data what programs at the other end may want to know
 */
public record Message(
    String key,
    Channel channel,
    String recipient,
    String subject,
    String body,
    Map<String, String> data) {
  public Message {
    requireNonNull(key, "key is null");
    requireNonNull(channel, "channel is null");
    requireNonNull(recipient, "recipient is null");
    requireNonNull(subject, "subject is null");
    requireNonNull(body, "body is null");
    data = Map.copyOf(data);
  }
}
