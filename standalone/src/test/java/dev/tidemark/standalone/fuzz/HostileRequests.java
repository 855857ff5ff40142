package dev.tidemark.standalone.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** What no client library would send, byte by byte, and what may come back. */
final class HostileRequests {
  private static final String DEVICE = "hostile-1";
  private static final String BATCH =
      "{\"batch_id\":\"h\",\"device_id\":\"" + DEVICE + "\",\"operations\":[]}";
  private static final int PATIENCE_MILLIS = 20_000;

  private static final String KEY =
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  private static final String OFFER = "Sec-WebSocket-Protocol: tidemark.v1, ";

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String WATERMELON = "/interop/watermelon/sync";
  private static final String RXDB = "/interop/rxdb/activity";

  /** What is no row, or none that can be. */
  private static final List<String> ROWS =
      List.of(
          "null",
          "7",
          "\"\"",
          "[]",
          "{}",
          "{\"id\":null}",
          "{\"id\":{}}",
          "{\"id\":\"\\u0000\"}",
          "{\"id\":\"'\\\";drop table field.activities;--\"}",
          "{\"id\":\"\\ud800\"}",
          "{\"id\":1e999999999}",
          "{\"id\":\"" + "9".repeat(5_000) + "\"}",
          "{\"id\":\"77000002\",\"title\":\"\\u0000\",\"visits\":1e999999999}",
          "{\"id\":\"77000002\",\"\\u0000\":1,\"_changed\":7,\"updated_at\":1e300}",
          "{\"id\":\"77000002\",\"tidemark_version\":{},\"tidemark_edit\":[],\"_deleted\":\"x\"}",
          "{\"id\":\"77000002\",\"tidemark_edit\":\"-999999999-01-01T00:00:00+18:00 x\"}");

  private final List<Hostile> all = new ArrayList<>();
  private final String token;

  private HostileRequests(String token) {
    this.token = token;
  }

  /** One of them. */
  record Hostile(String name, byte[] bytes, Set<Integer> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What came back; status 0 if the connection was only closed. */
  record Said(int status, String text) {}

  static List<Hostile> of(FuzzedSystem system) {
    HostileRequests list = new HostileRequests(system.deviceToken(DEVICE));
    list.tokens(system);
    list.sockets(system.operatorToken());
    list.bodies();
    list.heads();
    list.wire();
    list.interopPulls(system.operatorToken());
    list.interopPushes(system.operatorToken());
    return list.all;
  }

  private void tokens(FuzzedSystem system) {
    add("no token", head("POST", "/api/sync", ""), BATCH, 401);
    add("expired", head("POST", "/api/sync", bearer(system.expiredToken(DEVICE))), BATCH, 401);
    String none =
        base64("{\"alg\":\"none\"}")
            + "."
            + base64("{\"sub\":\"x\",\"roles\":[\"admin\"],\"exp\":9999999999}")
            + ".";
    add("alg none", head("POST", "/api/sync", bearer(none)), BATCH, 401);
    add("two tokens", head("POST", "/api/sync", bearer(token) + bearer(none)), BATCH, 400, 401);
    add(
        "another device",
        head("POST", "/api/sync", bearer(system.deviceToken("hostile-2"))),
        BATCH,
        403);
    add("operator", head("POST", "/api/sync", bearer(system.operatorToken())), BATCH, 403);
  }

  private void bodies() {
    post("empty", "", 400);
    post("truncated", "{", 400);
    post("two documents", BATCH + BATCH, 400);
    post("array", "[]", 400, 422);
    post("null", "null", 400, 422);
    post("invalid UTF-8", BATCH.replace("\"h\"", "\"\u00ff\"").getBytes(ISO_8859_1), 400, 422);
    post("UTF-16", BATCH.getBytes(UTF_16), 400);
    post("duplicate key", BATCH.replace("{\"batch", "{\"batch_id\":\"x\",\"batch"), 400);
    post("unknown member", BATCH.replace("{\"batch", "{\"is_admin\":true,\"batch"), 422);
    post("deep", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000), 400);
    post("long number", "{\"a\":" + "9".repeat(900_000) + "}", 400);
    post("huge exponent", "{\"a\":1e400,\"b\":1e999999999}", 400, 422);
    post("NaN", "{\"a\":NaN}", 400);
    post("long key", "{\"" + "k".repeat(900_000) + "\":1}", 400, 422);
    post("too large", "{\"a\":\"" + "x".repeat(1 << 20) + "\"}", 413);
    post("no operations", BATCH, 200);
    post("too many", BATCH.replace("[]", "[{}" + ",{}".repeat(1_000) + "]"), 413);
    add("no type", head("POST", "/api/sync", bearer(token)), BATCH, 200);
    typed("xml", "text/xml", 415);
    typed("two types", "application/json, text/xml", 400, 415);
    encoded("gzip that is none", "gzip", BATCH.getBytes(UTF_8), 400, 415);
    encoded("gzip twice", "gzip, gzip", zip(zip(BATCH.getBytes(UTF_8))), 400, 415);
    encoded("bomb", "gzip", zip(new byte[64 << 20]), 400, 413, 415);
  }

  private void heads() {
    String json = bearer(token) + "Content-Type: application/json\r\n";
    add("image wanted", head("POST", "/api/sync", json + "Accept: image/png\r\n"), BATCH, 406);
    add("PUT", head("PUT", "/api/sync", json), BATCH, 405);
    add("TRACE", head("TRACE", "/api/sync", json), "", 400, 405);
    add("CONNECT", head("CONNECT", "/api/sync", json), "", 400, 404, 405);
    add("no method", head("", "/api/sync", json), BATCH, 400);
    add("double slash", head("GET", "//api/../sync", json), "", 400, 404, 405);
    add("encoded dots", head("GET", "/api/sync/%2e%2e/%2e%2e/etc", json), "", 400, 404);
    add("broken escape", head("GET", "/api/sync/batches/%zz", json), "", 400, 404);
    add("NUL escaped", head("GET", "/api/sync/batches/%00", json), "", 400, 404);
    add("bad UTF-8 escaped", head("GET", "/api/sync/operations/%c0%ae", json), "", 400, 404);
    add("long line", head("GET", "/api/sync/status/" + "x".repeat(9_000), json), "", 414);
    add(
        "long header",
        head("GET", "/api/sync", json + "X: " + "x".repeat(17_000) + "\r\n"),
        "",
        431);
    add(
        "override",
        head("POST", "/api/sync", json + "X-HTTP-Method-Override: DELETE\r\n"),
        BATCH,
        200);
    add(
        "strange wait",
        head("POST", "/api/sync", json + "Prefer: wait=-1, wait=\"9\"\r\n"),
        BATCH,
        200,
        400);
    for (String query :
        List.of(
            "limit=0",
            "limit=-1",
            "limit=1000000000",
            "limit=abc",
            "limit=1e3",
            "cursor=x",
            "status=x")) {
      add(query, head("GET", "/api/sync/conflicts?" + query, json), "", 400);
    }
    for (String query :
        List.of(
            "limit=0",
            "limit=5001",
            "limit=1e3",
            "limit=",
            "cursor=",
            "cursor=x",
            "cursor=%00",
            "cursor=AQAWNFMwN2pBYWVURGVzWFhldFZFVGVpZwAAAAAAAAR0",
            "types=",
            "types=nothing",
            "types=activity,",
            "min_version=x",
            "min_version=0000-0000000000000000")) {
      add("changes " + query, head("GET", "/api/sync/changes?" + query, json), "", 400);
    }
    for (String query : List.of("cursor=x", "types=nothing")) {
      add("events " + query, head("GET", "/api/sync/live?" + query, json), "", 400);
    }
    add("limit twice", head("GET", "/api/sync/conflicts?limit=1&limit=2", json), "", 200, 400);
  }

  private void sockets(String operator) {
    raw("socket without a token", upgrade("", KEY), 401);
    raw("socket with a false one", upgrade("Authorization: Bearer x\r\n", KEY), 401);
    raw("socket with a false offer", upgrade(OFFER + "tidemark.bearer.x\r\n", KEY), 401);
    raw("socket of an operator", upgrade(bearer(operator), KEY), 403);
    raw("socket without a key", upgrade(bearer(token), ""), 400);
    raw("socket of another version", upgrade(bearer(token), KEY.replace("13", "7000")), 400);
    raw("socket elsewhere", upgrade(bearer(token), KEY).replace("/live", "/conflicts"), 404);
  }

  private void interopPulls(String operator) {
    for (String query :
        List.of(
            "",
            "?tables=",
            "?tables=nothing",
            "?tables=template,",
            "?tables=template%00",
            "?tables=template&last_pulled_at=x",
            "?tables=template&last_pulled_at=-1",
            "?tables=template&last_pulled_at=1.5",
            "?tables=template&last_pulled_at=1e15",
            "?tables=template&last_pulled_at=%00",
            "?tables=template&last_pulled_at=" + "9".repeat(17),
            "?tables=template&migration=%7B",
            "?tables=template&migration=" + "%5B".repeat(2_000))) {
      add("watermelon " + shown(query), get(WATERMELON + query, token), "", 400);
    }
    for (String query :
        List.of(
            "&last_pulled_at=" + "9".repeat(16),
            "&last_pulled_at=8192",
            "&last_pulled_at=9007199254740991",
            "&migration=" + "%5B".repeat(1_000) + "%5D".repeat(1_000),
            "&migration=%7B%22tables%22%3A7%2C%22columns%22%3A%5B7%5D%7D",
            "&schema_version=x")) {
      String whole = "?tables=template" + query;
      add("watermelon " + shown(whole), get(WATERMELON + whole, token), "", 200);
    }
    for (String query :
        List.of(
            "cursor=x",
            "cursor=%00",
            "cursor=AQAWNFMwN2pBYWVURGVzWFhldFZFVGVpZwAAAAAAAAR0",
            "cursor=" + "A".repeat(7_000),
            "limit=0",
            "limit=-1",
            "limit=5001",
            "limit=1e3",
            "limit=",
            "limit=" + "9".repeat(30))) {
      add("rxdb " + shown(query), get("/interop/rxdb/template/pull?" + query, token), "", 400);
    }
    for (String type : List.of("nothing", "template%00", "%2e%2e", "tem%2Fplate", "TEMPLATE")) {
      add("rxdb pull " + type, get("/interop/rxdb/" + type + "/pull", token), "", 400, 404);
      add("rxdb stream " + type, get("/interop/rxdb/" + type + "/stream", token), "", 400, 404);
    }
    for (String path : List.of(WATERMELON + "?tables=template", RXDB + "/pull", RXDB + "/stream")) {
      add("no token " + path, head("GET", path, ""), "", 401);
      add("operator " + path, get(path, operator), "", 403);
    }
  }

  private void interopPushes(String operator) {
    for (String path : List.of(WATERMELON, RXDB + "/push")) {
      add("no token " + path, head("POST", path, JSON), "{}", 401);
      add("operator " + path, head("POST", path, bearer(operator) + JSON), "{}", 403);
      push(path, "nothing at all", "", 400);
      push(path, "array", "[]", 400);
      push(path, "truncated", "{", 400);
      push(path, "empty object", "{}", 422);
      push(
          path, "duplicate member", "{\"rows\":[],\"changes\":{},\"rows\":[],\"changes\":{}}", 400);
      push(path, "deep", "{\"rows\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}", 400);
      push(path, "long number", "{\"rows\":" + "9".repeat(900_000) + "}", 400);
      push(path, "too large", "{\"rows\":\"" + "x".repeat(1 << 20) + "\"}", 413);
      push(
          path,
          "no time",
          "{\"rows\":[],\"changes\":{},\"sent_at\":\"+999999999-12-31T23:59:59Z\"}",
          422);
      push(path + "?strategy=x", "no strategy", "{\"rows\":[],\"changes\":{}}", 400);
      String xml = bearer(token) + "Content-Type: text/xml\r\n";
      add("xml " + path, head("POST", path, xml), "<a/>", 415);
    }
    for (String wrong :
        List.of("7", "[]", "{\"activity\":[]}", "{\"activity\":{\"updated\":{}}}")) {
      watermelon(wrong, wrong, 422);
    }
    String created = "{\"activity\":{\"created\":[%s]}}";
    String deleted = "{\"activity\":{\"deleted\":[%s]}}";
    for (String row : ROWS) {
      watermelon("created " + shown(row), created.formatted(row), 200);
      watermelon("deleted " + shown(row), deleted.formatted(row), 200);
      rxdb("state " + shown(row), "{\"newDocumentState\":" + row + "}", 200);
      rxdb("row " + shown(row), row, 200);
    }
    watermelon(
        "tables without names", "{\"\":{\"deleted\":[\"1\"]},\"a/b\":{\"deleted\":[7]}}", 200);
    String deep = "[".repeat(9_000) + "]".repeat(9_000);
    watermelon("deep text", created.formatted("{\"id\":\"1\",\"details\":\"" + deep + "\"}"), 200);
    watermelon("columns", created.formatted(columns()), 200);
    watermelon("10,000 rows", deleted.formatted(many(10_000, "\"x\"")), 200);
    watermelon("10,001 rows", deleted.formatted(many(10_001, "\"x\"")), 413);
    rxdb("10,000 rows", many(10_000, "{\"newDocumentState\":{\"id\":\"x\"}}"), 200);
    rxdb("10,001 rows", many(10_001, "{}"), 413);
    rxdb("columns", "{\"newDocumentState\":" + columns() + "}", 200);
  }

  private static String columns() {
    StringBuilder columns = new StringBuilder("{\"id\":\"77000002\"");
    for (int i = 0; i < 20_000; i++) {
      columns.append(",\"c").append(i).append("\":0");
    }
    return columns.append('}').toString();
  }

  private static String many(int count, String row) {
    return String.join(",", Collections.nCopies(count, row));
  }

  private void watermelon(String name, String changes, Integer... expected) {
    push(WATERMELON, "watermelon " + name, "{\"changes\":" + changes + "}", expected);
  }

  private void rxdb(String name, String rows, Integer... expected) {
    push(RXDB + "/push", "rxdb " + name, "{\"rows\":[" + rows + "]}", expected);
  }

  private void push(String path, String name, String body, Integer... expected) {
    add(path + " " + name, head("POST", path, bearer(token) + JSON), body, expected);
  }

  private static String get(String target, String token) {
    return head("GET", target, bearer(token));
  }

  /** Names of tests are to be read. */
  private static String shown(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private void wire() {
    String json = bearer(token) + "Content-Type: application/json\r\n";
    raw("two lengths", start() + json + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400);
    raw(
        "length and chunks",
        start() + json + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400);
    raw("length no number", start() + json + "Content-Length: x\r\n\r\n", 400);
    raw("length below zero", start() + json + "Content-Length: -1\r\n\r\n", 400);
    raw("two hosts", start() + "Host: evil\r\n" + json + "Content-Length: 0\r\n\r\n", 400);
    raw("no host", "GET /api/sync/conflicts HTTP/1.1\r\n" + json + "\r\n", 400);
    raw("broken chunk", start() + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
    raw("smuggled line", start() + json + "X : y\r\nContent-Length: 0\r\n\r\n", 400);
    raw("no HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400, 0);
  }

  private void post(String name, String body, Integer... expected) {
    post(name, body.getBytes(UTF_8), expected);
  }

  private void post(String name, byte[] body, Integer... expected) {
    String json = bearer(token) + "Content-Type: application/json\r\n";
    add(name, head("POST", "/api/sync", json), body, expected);
  }

  private void typed(String name, String type, Integer... expected) {
    add(
        name,
        head("POST", "/api/sync", bearer(token) + "Content-Type: " + type + "\r\n"),
        BATCH,
        expected);
  }

  private void encoded(String name, String encoding, byte[] body, Integer... expected) {
    String headers =
        bearer(token) + "Content-Type: application/json\r\nContent-Encoding: " + encoding + "\r\n";
    add(name, head("POST", "/api/sync", headers), body, expected);
  }

  private void add(String name, String head, String body, Integer... expected) {
    add(name, head, body.getBytes(UTF_8), expected);
  }

  private void add(String name, String head, byte[] body, Integer... expected) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(ISO_8859_1));
    bytes.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1));
    bytes.writeBytes(body);
    all.add(new Hostile(name, bytes.toByteArray(), Set.of(expected)));
  }

  private void raw(String name, String text, Integer... expected) {
    all.add(new Hostile(name, text.getBytes(ISO_8859_1), Set.of(expected)));
  }

  private static String head(String method, String target, String headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + headers;
  }

  private static String start() {
    return "POST /api/sync HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
  }

  private static String upgrade(String authorization, String key) {
    return "GET /api/sync/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\n"
        + "Upgrade: websocket\r\n"
        + authorization
        + key
        + "\r\n";
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static byte[] zip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return zipped.toByteArray();
  }

  /** Sends bytes and reads until the other side closes. */
  static Said send(URI api, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(api.getHost(), api.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
      } catch (SocketException _) {
        // It answered and closed before all was sent; the answer is there to be read.
      }
      read(socket.getInputStream(), answer);
      String text = answer.toString(UTF_8);
      return new Said(
          text.startsWith("HTTP/1.") ? Integer.parseInt(text.substring(9, 12)) : 0, text);
    }
  }

  private static void read(InputStream in, ByteArrayOutputStream answer) throws IOException {
    try {
      in.transferTo(answer);
    } catch (SocketException _) {
      // Closed with bytes of ours unread.
    }
  }
}
