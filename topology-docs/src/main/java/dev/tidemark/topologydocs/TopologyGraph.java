package dev.tidemark.topologydocs;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/** What a picture of a topology shows: topics, operators and stores, and how records flow. */
record TopologyGraph(List<Node> nodes, List<Edge> edges) {
  /** What a node stands for. */
  enum Kind {
    TOPICS,
    OPERATOR,
    STORE,
    CHANGELOG,
    DEAD_LETTER
  }

  /**
   * A box.
   *
   * @param layer the column it stands in, from the left
   * @param lines what is in it, below the title
   */
  record Node(String id, Kind kind, String title, List<String> lines, int layer) {}

  /** How records flow along an edge. */
  enum Flow {
    RECORDS,
    STATE,
    COPY,
    POISON
  }

  /** An arrow. */
  record Edge(String from, String to, Flow flow) {}

  TopologyGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  static TopologyGraph of(String applicationId, TopologyDescription description) {
    Builder builder = new Builder(applicationId);
    description.subtopologies().stream()
        .sorted(Comparator.comparingInt(Subtopology::id))
        .forEach(builder::add);
    return builder.build();
  }

  List<Node> ofKind(Kind kind) {
    return nodes.stream().filter(node -> node.kind() == kind).toList();
  }

  /** Collects nodes and edges, an operator one column right of what feeds it. */
  private static final class Builder {
    private final String applicationId;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    Builder(String applicationId) {
      this.applicationId = applicationId;
    }

    void add(Subtopology subtopology) {
      Map<String, TopologyDescription.Node> byName = new LinkedHashMap<>();
      subtopology.nodes().stream()
          .sorted(Comparator.comparing(TopologyDescription.Node::name))
          .forEach(node -> byName.put(node.name(), node));
      byName.values().forEach(node -> operator(node, layer(node)));
      byName.values().forEach(this::connect);
    }

    TopologyGraph build() {
      int last = nodes.values().stream().mapToInt(Node::layer).max().orElse(0);
      Node letters =
          new Node(
              "dead-letter",
              Kind.DEAD_LETTER,
              Topics.DEAD_LETTER.name(),
              List.of("with the reason"),
              last);
      nodes.put(letters.id(), letters);
      nodes.values().stream()
          .filter(node -> node.kind() == Kind.OPERATOR)
          .forEach(node -> edges.add(new Edge(node.id(), letters.id(), Flow.POISON)));
      return new TopologyGraph(List.copyOf(nodes.values()), edges);
    }

    /** Topics stand in column 0, sources in column 1. */
    private static int layer(TopologyDescription.Node node) {
      return node.predecessors().stream().mapToInt(before -> layer(before) + 1).max().orElse(1);
    }

    private void operator(TopologyDescription.Node node, int layer) {
      String id = "operator " + node.name();
      switch (node) {
        case Source source -> {
          List<String> topics = new ArrayList<>(requireNonNull(source.topicSet()));
          topics.sort(null);
          String title = topics.size() == 1 ? topics.getFirst() : topics.size() + " topics";
          Node read =
              new Node(
                  "topics of " + node.name(),
                  Kind.TOPICS,
                  title,
                  topics.size() == 1 ? List.of() : topics,
                  0);
          nodes.put(read.id(), read);
          nodes.put(id, new Node(id, Kind.OPERATOR, node.name(), List.of("source"), layer));
          edges.add(new Edge(read.id(), id, Flow.RECORDS));
        }
        case Sink sink -> {
          String topic = requireNonNull(sink.topic());
          nodes.put(id, new Node(id, Kind.OPERATOR, node.name(), List.of("sink"), layer));
          Node written = new Node("topic " + topic, Kind.TOPICS, topic, List.of(), layer + 1);
          nodes.put(written.id(), written);
          edges.add(new Edge(id, written.id(), Flow.RECORDS));
        }
        case Processor processor -> {
          nodes.put(id, new Node(id, Kind.OPERATOR, node.name(), List.of("processor"), layer));
          processor.stores().stream().sorted().forEach(store -> store(id, store, layer + 1));
        }
        default -> throw new IllegalArgumentException("a node of an unknown kind: " + node);
      }
    }

    private void store(String operator, String name, int layer) {
      String id = "store " + name;
      String changelog = applicationId + "-" + name + "-changelog";
      nodes.putIfAbsent(id, new Node(id, Kind.STORE, name, List.of("store"), layer));
      nodes.putIfAbsent(
          "topic " + changelog,
          new Node(
              "topic " + changelog, Kind.CHANGELOG, changelog, List.of("compacted"), layer + 1));
      edges.add(new Edge(operator, id, Flow.STATE));
      Edge copy = new Edge(id, "topic " + changelog, Flow.COPY);
      if (!edges.contains(copy)) {
        edges.add(copy);
      }
    }

    private void connect(TopologyDescription.Node node) {
      node.successors().stream()
          .sorted(Comparator.comparing(TopologyDescription.Node::name))
          .forEach(
              next ->
                  edges.add(
                      new Edge(
                          "operator " + node.name(), "operator " + next.name(), Flow.RECORDS)));
    }
  }
}
