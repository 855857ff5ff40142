package dev.tidemark.topologydocs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.topologydocs.Layout.Box;
import dev.tidemark.topologydocs.TopologyGraph.Edge;
import dev.tidemark.topologydocs.TopologyGraph.Flow;
import dev.tidemark.topologydocs.TopologyGraph.Kind;
import dev.tidemark.topologydocs.TopologyGraph.Node;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;

class TopologyGraphTest {
  private final TopologyGraph graph = wordCount();

  @Test
  void operatorsStandRightOfWhatFeedsThem() {
    for (Edge edge : graph.edges()) {
      if (edge.flow() != Flow.POISON) {
        assertThat(node(edge.to()).layer()).as("%s", edge).isGreaterThan(node(edge.from()).layer());
      }
    }
  }

  @Test
  void topicsStoresAndChangelogsAreAllThere() {
    assertThat(graph.ofKind(Kind.TOPICS)).extracting(Node::title).contains("words", "counts");
    assertThat(graph.ofKind(Kind.STORE)).extracting(Node::title).containsExactly("count-store");
    assertThat(graph.ofKind(Kind.CHANGELOG))
        .extracting(Node::title)
        .containsExactly("app-count-store-changelog");
  }

  @Test
  void noBoxLiesOnAnother() {
    List<Box> boxes = new Layout(graph).boxes();
    for (Box one : boxes) {
      for (Box other : boxes) {
        if (!one.equals(other)) {
          boolean apart =
              one.right() <= other.x()
                  || other.right() <= one.x()
                  || one.y() + one.height() <= other.y()
                  || other.y() + other.height() <= one.y();
          assertThat(apart).as("%s and %s", one, other).isTrue();
        }
      }
    }
  }

  private Node node(String id) {
    return graph.nodes().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  private static TopologyGraph wordCount() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            List.of("words"), Consumed.with(Serdes.String(), Serdes.String()).withName("hear"))
        .filter((_, word) -> word != null, Named.as("spoken"))
        .groupByKey()
        .count(Named.as("count"), Materialized.as("count-store"))
        .toStream(Named.as("tell"))
        .to("counts", Produced.with(Serdes.String(), Serdes.Long()).withName("say"));
    return TopologyGraph.of("app", builder.build().describe());
  }
}
