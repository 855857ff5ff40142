package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.ServerConfig;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicProvisionerTest {
  private static final List<Topic<?, ?>> TOPICS =
      Topics.of(
          new Catalog(List.of(TopicCheckTest.type("ticket"), TopicCheckTest.type("message"))));
  private final EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary());

  @BeforeEach
  void start() {
    kafka.start();
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void topicsAreCreatedOnceAndFoundAfterwards() {
    try (Admin admin = admin()) {
      TopicProvisioner provisioner = new TopicProvisioner(admin, 4, 1);
      List<String> names = TOPICS.stream().map(Topic::name).toList();
      assertThat(provisioner.provision(TOPICS)).isInstanceOf(Provisioning.Ready.class);
      assertThat(provisioner.provision(TOPICS))
          .isEqualTo(new Provisioning.Ready(List.of(), names.size()));
      assertThat(provisioner.features()).isInstanceOf(Provisioning.Features.Sufficient.class);
      assertThat(TopicProvisioner.provision(kafka.bootstrapServers(), TOPICS, 4, 1))
          .isEqualTo(new Provisioning.Ready(List.of(), names.size()));
    }
  }

  @Test
  void whatDiffersIsSaidAndLeftAlone() throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(Topics.changeName("ticket"), 7, (short) 1)
                      .configs(Map.of("max.message.bytes", "1048588")),
                  new NewTopic(Topics.POSITION.name(), 1, (short) 1)))
          .all()
          .get();
      Provisioning provisioning = new TopicProvisioner(admin, 4, 1).provision(TOPICS);
      assertThat(((Provisioning.Unfit) provisioning).complaints())
          .hasSize(4)
          .anyMatch(sentence -> sentence.contains("ticket has 7 partitions where 4 are set"))
          .anyMatch(sentence -> sentence.contains("ticket has retention.ms=604800000"))
          .anyMatch(sentence -> sentence.contains("ticket takes batches of 1048588 bytes"))
          .anyMatch(sentence -> sentence.contains("position has cleanup.policy=delete"));
    }
  }

  @Test
  void aReplicationThatTheClusterCannotGiveIsSaid() {
    try (Admin admin = admin()) {
      Provisioning provisioning = new TopicProvisioner(admin, 4, 3).provision(TOPICS);
      assertThat(((Provisioning.Unfit) provisioning).complaints())
          .hasSameSizeAs(TOPICS)
          .allMatch(sentence -> sentence.contains("cannot be created: "));
    }
  }

  @Test
  void aClusterThatDoesNotAnswerIsAnOutage() {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "default.api.timeout.ms", "1000",
                "request.timeout.ms", "500"))) {
      TopicProvisioner provisioner = new TopicProvisioner(admin, 4, 1);
      assertThatThrownBy(() -> provisioner.provision(TOPICS)).isInstanceOf(KafkaException.class);
      assertThatThrownBy(provisioner::features).isInstanceOf(KafkaException.class);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
