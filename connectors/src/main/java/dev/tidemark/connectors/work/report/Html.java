package dev.tidemark.connectors.work.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Writes a page. It holds no script, loads nothing, and forbids both, because texts from the field
 * are in it and somebody will open it.
 */
final class Html {
  private final StringBuilder page = new StringBuilder();

  Html(String title) {
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>%1$s</title>
        <style>
        body { font: 11pt/1.4 sans-serif; margin: 2cm; color: #111 }
        table { border-collapse: collapse; width: 100%% }
        th, td { border-bottom: 1px solid #bbb; padding: 4px 8px; text-align: left; vertical-align: top }
        thead { display: table-header-group }
        tr { break-inside: avoid }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        """
            .formatted(escape(title)));
  }

  Html paragraph(String text) {
    page.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  Html heading(String text) {
    page.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  Html table(List<String> names, List<List<String>> rows) {
    page.append("<table>\n<thead>");
    row("th", names);
    page.append("</thead>\n<tbody>\n");
    rows.forEach(row -> row("td", row));
    page.append("</tbody>\n</table>\n");
    return this;
  }

  private void row(String cell, List<String> values) {
    page.append("<tr>");
    for (String value : values) {
      page.append('<').append(cell).append('>').append(escape(value));
      page.append("</").append(cell).append('>');
    }
    page.append("</tr>\n");
  }

  byte[] bytes() {
    return (page + "</body>\n</html>\n").getBytes(UTF_8);
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default ->
                    escaped.appendCodePoint(
                        character < ' ' && character != '\n' && character != '\t'
                            ? 0xfffd
                            : character);
              }
            });
    return escaped.toString();
  }
}
