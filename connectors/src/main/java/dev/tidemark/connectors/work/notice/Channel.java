package dev.tidemark.connectors.work.notice;

/** Over what a message goes; as {@code booking.channel} has it. */
public enum Channel {
  EMAIL,
  SMS,
  PUSH,
  WHATSAPP
}
