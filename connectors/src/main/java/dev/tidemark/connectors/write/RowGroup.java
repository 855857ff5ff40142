package dev.tidemark.connectors.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.RowEffect;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes that one statement carries out: the same table, the same effect, the same columns. */
final class RowGroup {
  private static final ObjectMapper JSON = WireSerdes.exactJson();

  /** What the writes of a group have in common. */
  record Shape(
      WritableTable table,
      Effect effect,
      boolean absent,
      List<WritableColumn> set,
      List<WritableColumn> expected) {
    Shape {
      set = List.copyOf(set);
      expected = List.copyOf(expected);
    }

    private String sql() {
      RowSql sql = new RowSql(table, set, expected);
      return switch (effect) {
        case NONE -> check();
        case INSERT -> sql.insert();
        case UPDATE -> sql.update();
        case DELETE -> sql.delete();
      };
    }

    private String check() {
      RowSql sql = new RowSql(table, set, expected);
      return absent ? sql.absent() : sql.present();
    }
  }

  private final Shape shape;
  private final List<Pending> writes;

  RowGroup(Shape shape, List<Pending> writes) {
    this.shape = shape;
    this.writes = List.copyOf(writes);
  }

  Shape shape() {
    return shape;
  }

  List<Pending> writes() {
    return writes;
  }

  RowGroup only(List<Pending> some) {
    return new RowGroup(shape, some);
  }

  /** Carries the writes out; returns those that were. */
  List<Pending> execute(Database database) throws SQLException {
    return ask(database, shape.sql());
  }

  /** Which of the writes find what they expect. */
  List<Pending> check(Database database) throws SQLException {
    return ask(database, shape.check());
  }

  private List<Pending> ask(Database database, String sql) throws SQLException {
    PreparedStatement statement = database.prepare(sql);
    statement.setString(1, input());
    List<Pending> done = new ArrayList<>(writes.size());
    try (ResultSet places = statement.executeQuery()) {
      while (places.next()) {
        done.add(writes.get(places.getInt(1)));
      }
    }
    return done;
  }

  private String input() {
    StringWriter text = new StringWriter(256 * writes.size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (int n = 0; n < writes.size(); n++) {
        json.writeStartObject();
        json.writeNumberField("n", n);
        write(json, writes.get(n));
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(JsonGenerator json, Pending pending) throws IOException {
    List<WritableColumn> key = shape.table().key();
    List<String> parts = Values.keyParts(pending.write().key(), key.size());
    for (int i = 0; i < key.size(); i++) {
      json.writeStringField("k" + i, Values.readable(key.get(i).reading(), parts.get(i)));
    }
    switch (pending.write().effect()) {
      case RowEffect.Insert(ObjectNode row) -> write(json, 'p', shape.set(), row);
      case RowEffect.Update(ObjectNode patch) -> write(json, 'p', shape.set(), patch);
      case RowEffect.Delete _, RowEffect.None _ -> {}
    }
    if (pending.write().expected() instanceof Expected.Present(ObjectNode values)) {
      write(json, 'e', shape.expected(), values);
    }
  }

  private static void write(
      JsonGenerator json, char prefix, List<WritableColumn> columns, ObjectNode values)
      throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      JsonNode value = values.get(columns.get(i).name());
      if (value != null && !value.isNull()) {
        json.writeFieldName(prefix + Integer.toString(i));
        json.writeTree(Values.readable(columns.get(i), value));
      }
    }
  }
}
