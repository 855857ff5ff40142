package dev.tidemark.topologydocs;

import dev.tidemark.topologydocs.TopologyGraph.Edge;
import dev.tidemark.topologydocs.TopologyGraph.Kind;
import dev.tidemark.topologydocs.TopologyGraph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Places the nodes of a graph: columns by layer, and within a column each node near the middle of
 * what feeds it. All measures are pixels.
 */
final class Layout {
  static final int MARGIN = 32;
  static final int HEADER = 56;
  static final int LINE = 18;
  private static final int TITLE = 30;
  private static final int PADDING = 16;
  private static final int COLUMN_GAP = 76;
  private static final int ROW_GAP = 28;
  private static final double TITLE_CHARACTER = 7.9;
  private static final double LINE_CHARACTER = 6.9;
  private static final int LEAST_WIDTH = 132;
  private static final int FOOTER = 58;
  private static final int LEAST_TOTAL_WIDTH = 760;

  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final int width;
  private final int height;

  /** Where a node stands. */
  record Box(Node node, int x, int y, int width, int height) {
    int middle() {
      return y + height / 2;
    }

    int right() {
      return x + width;
    }
  }

  Layout(TopologyGraph graph) {
    Map<Integer, List<Node>> columns = new TreeMap<>();
    graph.nodes().forEach(n -> columns.computeIfAbsent(n.layer(), _ -> new ArrayList<>()).add(n));
    int tallest = columns.values().stream().mapToInt(Layout::height).max().orElse(0);
    int x = MARGIN;
    for (List<Node> column : columns.values()) {
      column.sort(Comparator.comparingDouble(node -> wish(node, graph)));
      int columnWidth = column.stream().mapToInt(Layout::width).max().orElse(0);
      int y = MARGIN + HEADER + (tallest - height(column)) / 2;
      for (Node node : column) {
        boxes.put(node.id(), new Box(node, x, y, columnWidth, height(node)));
        y += height(node) + ROW_GAP;
      }
      x += columnWidth + COLUMN_GAP;
    }
    width = Math.max(LEAST_TOTAL_WIDTH, x - COLUMN_GAP + MARGIN);
    height = MARGIN + HEADER + tallest + FOOTER;
  }

  List<Box> boxes() {
    return List.copyOf(boxes.values());
  }

  Box box(String id) {
    Box box = boxes.get(id);
    if (box == null) {
      throw new IllegalArgumentException("no box for " + id);
    }
    return box;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Where a node would like to be: at the middle of what is already placed and feeds it. */
  private double wish(Node node, TopologyGraph graph) {
    if (node.kind() == Kind.DEAD_LETTER) {
      return Double.MAX_VALUE;
    }
    return graph.edges().stream()
        .filter(edge -> edge.to().equals(node.id()))
        .map(Edge::from)
        .map(boxes::get)
        .filter(box -> box != null)
        .mapToInt(Box::middle)
        .average()
        .orElse(0);
  }

  private static int height(List<Node> column) {
    return column.stream().mapToInt(node -> height(node) + ROW_GAP).sum() - ROW_GAP;
  }

  private static int height(Node node) {
    int lid = node.kind() == Kind.STORE ? 12 : 0;
    return TITLE + lid + node.lines().size() * LINE + (node.lines().isEmpty() ? 8 : 12);
  }

  private static int width(Node node) {
    double longest =
        node.lines().stream().mapToDouble(line -> line.length() * LINE_CHARACTER).max().orElse(0);
    double title = node.title().length() * TITLE_CHARACTER;
    return Math.max(LEAST_WIDTH, (int) Math.ceil(Math.max(title, longest)) + 2 * PADDING);
  }
}
