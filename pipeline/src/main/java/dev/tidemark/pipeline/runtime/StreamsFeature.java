package dev.tidemark.pipeline.runtime;

import dev.tidemark.contract.Topic;
import java.util.List;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** A topology that a node runs. */
public interface StreamsFeature {
  /** Its name: part of the application id, of the changelogs' names and of the directory. */
  String name();

  /**
   * The topics it reads. They must exist; those that are spread by entity with equally many
   * partitions.
   */
  List<Topic<?, ?>> reads();

  Topology topology(StreamsConfig config);

  /** How often a record may take effect. */
  default Delivery delivery() {
    return Delivery.EXACTLY_ONCE;
  }

  /** What it is for and what it promises, for the generated pages. */
  TopologyStory story();
}
