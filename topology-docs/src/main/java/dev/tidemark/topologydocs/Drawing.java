package dev.tidemark.topologydocs;

import dev.tidemark.topologydocs.Layout.Box;
import dev.tidemark.topologydocs.TopologyGraph.Edge;
import dev.tidemark.topologydocs.TopologyGraph.Flow;
import dev.tidemark.topologydocs.TopologyGraph.Kind;
import java.util.ArrayList;
import java.util.List;

/** Draws a graph as SVG that any browser shows, also on a dark page. */
final class Drawing {
  private static final String FONT =
      "ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
  private static final int CAP = 9;

  private Drawing() {}

  static String svg(String title, TopologyGraph graph) {
    Layout layout = new Layout(graph);
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"\
         role="img" font-family="%s">
        <title>%s</title>
        <defs>
        """
            .formatted(
                layout.width(),
                layout.height(),
                layout.width(),
                layout.height(),
                FONT,
                escape(title)));
    for (Flow flow : Flow.values()) {
      svg.append(
          """
          <marker id="%s" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"\
           orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" fill="%s"/></marker>
          """
              .formatted(marker(flow), color(flow)));
    }
    svg.append(
        """
        </defs>
        <rect width="100%%" height="100%%" rx="14" fill="#fbfcfe" stroke="#dfe4ee"/>
        <text x="%d" y="%d" font-size="19" font-weight="650" fill="#1c2536">%s</text>
        """
            .formatted(Layout.MARGIN, Layout.MARGIN + 14, escape(title)));
    for (Edge edge : graph.edges()) {
      edge(svg, layout, edge);
    }
    for (Box box : layout.boxes()) {
      node(svg, box);
    }
    legend(svg, layout.height() - 26);
    return svg.append("</svg>\n").toString();
  }

  private static void edge(StringBuilder svg, Layout layout, Edge edge) {
    Box from = layout.box(edge.from());
    Box to = layout.box(edge.to());
    String path = edge.flow() == Flow.POISON ? under(from, to) : across(from, to);
    svg.append(
        """
        <path d="%s" fill="none" stroke="%s" stroke-width="%s"%s%s marker-end="url(#%s)"/>
        """
            .formatted(
                path,
                color(edge.flow()),
                edge.flow() == Flow.RECORDS ? "2" : "1.5",
                edge.flow() == Flow.COPY || edge.flow() == Flow.POISON
                    ? " stroke-dasharray=\"5 4\""
                    : "",
                edge.flow() == Flow.STATE
                    ? " marker-start=\"url(#" + marker(Flow.STATE) + ")\""
                    : "",
                marker(edge.flow())));
  }

  private static String across(Box from, Box to) {
    int x1 = from.right();
    int x2 = to.x();
    int bend = Math.max(24, (x2 - x1) / 2);
    return "M%d %d C%d %d %d %d %d %d"
        .formatted(
            x1, from.middle(), x1 + bend, from.middle(), x2 - bend, to.middle(), x2, to.middle());
  }

  /** Leaves a box below, so that what goes wrong does not cross what goes right. */
  private static String under(Box from, Box to) {
    int x1 = from.x() + from.width() / 2;
    int y1 = from.y() + from.height();
    int y2 = to.middle();
    int bend = Math.max(40, Math.abs(y2 - y1) / 2);
    return "M%d %d C%d %d %d %d %d %d"
        .formatted(x1, y1, x1, Math.max(y2, y1 + bend), x1 + bend, y2, to.x(), y2);
  }

  private static void node(StringBuilder svg, Box box) {
    Kind kind = box.node().kind();
    shape(svg, box, kind);
    int x = box.x() + box.width() / 2;
    int y = box.y() + 21 + (kind == Kind.STORE ? CAP + 2 : 0);
    svg.append(
        """
        <text x="%d" y="%d" font-size="13.5" font-weight="600" fill="#1c2536"\
         text-anchor="middle">%s</text>
        """
            .formatted(x, y, escape(box.node().title())));
    List<String> lines = new ArrayList<>(box.node().lines());
    boolean list = kind == Kind.TOPICS;
    for (String line : lines) {
      y += Layout.LINE;
      svg.append(
          """
          <text x="%d" y="%d" font-size="12" fill="#55617a"%s>%s</text>
          """
              .formatted(
                  list ? box.x() + 16 : x, y, list ? "" : " text-anchor=\"middle\"", escape(line)));
    }
  }

  private static void shape(StringBuilder svg, Box box, Kind kind) {
    if (kind == Kind.STORE) {
      svg.append(
          """
          <path d="M%d %d v%d a%d %d 0 0 0 %d 0 v-%d a%d %d 0 0 0 -%d 0 a%d %d 0 0 0 %d 0"\
           fill="%s" stroke="%s" stroke-width="1.5"/>
          """
              .formatted(
                  box.x(),
                  box.y() + CAP / 2,
                  box.height() - CAP,
                  box.width() / 2,
                  CAP,
                  box.width(),
                  box.height() - CAP,
                  box.width() / 2,
                  CAP,
                  box.width(),
                  box.width() / 2,
                  CAP,
                  box.width(),
                  fill(kind),
                  stroke(kind)));
      return;
    }
    svg.append(
        """
        <rect x="%d" y="%d" width="%d" height="%d" rx="%d" fill="%s" stroke="%s"\
         stroke-width="1.5"/>
        """
            .formatted(
                box.x(),
                box.y(),
                box.width(),
                box.height(),
                kind == Kind.OPERATOR ? 10 : 4,
                fill(kind),
                stroke(kind)));
  }

  private static void legend(StringBuilder svg, int y) {
    int x = Layout.MARGIN;
    x = swatch(svg, x, y, Kind.TOPICS, "topic");
    x = swatch(svg, x, y, Kind.OPERATOR, "operator");
    x = swatch(svg, x, y, Kind.STORE, "state store");
    x = swatch(svg, x, y, Kind.CHANGELOG, "its changelog");
    x = swatch(svg, x, y, Kind.DEAD_LETTER, "dead letters");
    svg.append(
        """
        <text x="%d" y="%d" font-size="12" fill="#55617a">solid: records and state\
         · dashed: copies and poison</text>
        """
            .formatted(x + 6, y));
  }

  private static int swatch(StringBuilder svg, int x, int y, Kind kind, String text) {
    svg.append(
        """
        <rect x="%d" y="%d" width="14" height="14" rx="3" fill="%s" stroke="%s"/>
        <text x="%d" y="%d" font-size="12" fill="#55617a">%s</text>
        """
            .formatted(x, y - 11, fill(kind), stroke(kind), x + 20, y, text));
    return x + 20 + text.length() * 7 + 22;
  }

  private static String fill(Kind kind) {
    return switch (kind) {
      case TOPICS -> "#e3f4f1";
      case OPERATOR -> "#ffffff";
      case STORE -> "#fff1d6";
      case CHANGELOG -> "#f1f3f8";
      case DEAD_LETTER -> "#fde8e8";
    };
  }

  private static String stroke(Kind kind) {
    return switch (kind) {
      case TOPICS -> "#2b8a7c";
      case OPERATOR -> "#4556b5";
      case STORE -> "#c8891b";
      case CHANGELOG -> "#8a94aa";
      case DEAD_LETTER -> "#c44545";
    };
  }

  private static String color(Flow flow) {
    return switch (flow) {
      case RECORDS -> "#4556b5";
      case STATE -> "#c8891b";
      case COPY -> "#8a94aa";
      case POISON -> "#c44545";
    };
  }

  private static String marker(Flow flow) {
    return switch (flow) {
      case RECORDS -> "records";
      case STATE -> "state";
      case COPY -> "copy";
      case POISON -> "poison";
    };
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
