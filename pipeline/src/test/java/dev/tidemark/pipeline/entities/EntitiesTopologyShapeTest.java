package dev.tidemark.pipeline.entities;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.Consumed;
import org.junit.jupiter.api.Test;

/**
 * Compares the topology with the checked-in description.
 *
 * <p>A difference is not wrong, but it has a price, to be paid knowingly. The name of a store is
 * part of its changelog's name: renamed, the state starts empty, and since change topics keep
 * everything, must be rebuilt from them with a new application id. A processor that moves to
 * another sub-topology changes the task ids and thereby the state directories: a rolling update is
 * no longer possible. A source topic more is free: the group takes it up at the next rebalance.
 */
class EntitiesTopologyShapeTest {
  private final StreamsConfig config =
      StreamsPolicy.config(
          EntitiesTopology.NAME, StreamsSettings.of("127.0.0.1:1", Path.of("unused")));

  @Test
  void theTopologyDidNotChangeByAccident() throws IOException {
    String described =
        new EntitiesTopology(EntitiesFixture.CATALOG, new SimpleMeterRegistry())
            .topology(config)
            .describe()
            .toString();
    assertThat(described.strip()).isEqualTo(checkedIn().strip());
  }

  @Test
  void aStoreWithoutANameIsRefused() {
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    builder.stream("any", Consumed.with(Serdes.String(), Serdes.String())).groupByKey().count();
    assertThatThrownBy(builder::build).isInstanceOf(TopologyException.class);
  }

  private static String checkedIn() throws IOException {
    try (InputStream file =
        EntitiesTopologyShapeTest.class.getResourceAsStream("/entities/topology.txt")) {
      assertThat(file).as("the checked-in description").isNotNull();
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
