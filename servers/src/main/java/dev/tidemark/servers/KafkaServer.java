package dev.tidemark.servers;

/** A broker on this machine. */
public interface KafkaServer extends Server {
  @Override
  default String name() {
    return "kafka";
  }

  default String bootstrapServers() {
    return "127.0.0.1:" + port();
  }
}
