package dev.tidemark.api.pages;

import dev.tidemark.api.assets.Assets;
import dev.tidemark.api.problem.ProblemType;
import java.util.regex.Pattern;

/** A type of problem as a page. */
final class ProblemHtml {
  /** A word in quotation marks is the name of something in an answer. */
  private static final Pattern NAME = Pattern.compile("(?<= )&#39;([A-Za-z_]+)&#39;(?=[ .,;:])");

  private ProblemHtml() {}

  static String of(ProblemType type) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%1$s – Tidemark</title>
        <link rel="stylesheet" href="%2$s">
        </head>
        <body>
        <header><p class="brand">Tidemark</p></header>
        <main>
        <p class="status"><span class="hidden">Status </span>%3$d</p>
        <h1>%1$s</h1>
        <p class="explanation">%4$s</p>
        <dl>
        <dt>Type</dt><dd><code>%5$s</code></dd>
        <dt>In the logs</dt><dd>under the <code>requestId</code> of the answer</dd>
        </dl>
        </main>
        <nav aria-labelledby="all">
        <h2 id="all">All types of problem</h2>
        <ul>
        %6$s</ul>
        </nav>
        </body>
        </html>
        """
        .formatted(
            escaped(type.title()),
            Assets.address("page.css"),
            type.status(),
            NAME.matcher(escaped(type.explanation())).replaceAll("<code>$1</code>"),
            type.address(),
            all(type));
  }

  private static String all(ProblemType shown) {
    StringBuilder list = new StringBuilder();
    for (ProblemType type : ProblemType.values()) {
      list.append("<li><a href=\"")
          .append(type.address())
          .append(type == shown ? "\" aria-current=\"page\">" : "\">")
          .append("<span class=\"code\">")
          .append(type.status())
          .append("</span> ")
          .append(escaped(type.title()))
          .append("</a></li>\n");
    }
    return list.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
