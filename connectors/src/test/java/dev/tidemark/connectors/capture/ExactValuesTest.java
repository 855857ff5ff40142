package dev.tidemark.connectors.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.servers.Servers;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Every Postgres type keeps its value, extremes and nulls included, whichever way it is read: by a
 * snapshot, as the new row of an insert, as the old row of a delete.
 */
class ExactValuesTest {
  /** A literal of a type, and the JSON that the contract promises for it. */
  private record Sample(String type, String literal, String json) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("bool", "true", "true"),
          new Sample("bool", "false", "false"),
          new Sample("int2", "-32768", "-32768"),
          new Sample("int4", "2147483647", "2147483647"),
          new Sample("int8", "9223372036854775807", "9223372036854775807"),
          new Sample("int8", "-9223372036854775808", "-9223372036854775808"),
          new Sample("oid", "4294967295", "4294967295"),
          new Sample("float4", "1.1", "1.1"),
          new Sample("float4", "'NaN'", "\"NaN\""),
          new Sample("float8", "0.1", "0.1"),
          new Sample("float8", "1.7976931348623157e308", "1.7976931348623157E308"),
          new Sample("float8", "5e-324", "4.9E-324"),
          new Sample("float8", "'-Infinity'", "\"-Infinity\""),
          new Sample("numeric", "12.50", "\"12.50\""),
          new Sample("numeric(10,2)", "12.5", "\"12.50\""),
          new Sample("numeric", "'NaN'", "\"NaN\""),
          new Sample("numeric", "'Infinity'", "\"Infinity\""),
          new Sample("numeric", "'-Infinity'", "\"-Infinity\""),
          new Sample("numeric", "1e-20", "\"0.00000000000000000001\""),
          new Sample(
              "numeric",
              "123456789012345678901234567890.123456789",
              "\"123456789012345678901234567890.123456789\""),
          new Sample("money", "'-1234.56'", "\"-1234.56\""),
          new Sample("text", "E'a\"b\\\\c\\n\\tü€\\u0001'", "\"a\\\"b\\\\c\\n\\tü€\\u0001\""),
          new Sample("text", "U&'\\+01F600'", "\"\uD83D\uDE00\""),
          new Sample("text", "''", "\"\""),
          new Sample("varchar(5)", "'abc'", "\"abc\""),
          new Sample("char(5)", "'abc'", "\"abc  \""),
          new Sample("\"char\"", "'x'", "\"x\""),
          new Sample("name", "'n'", "\"n\""),
          new Sample(
              "uuid",
              "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
              "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
          new Sample("bytea", "'\\xdeadbeef00'", "\"3q2+7wA=\""),
          new Sample("bytea", "''", "\"\""),
          new Sample("date", "'2026-01-15'", "\"2026-01-15\""),
          new Sample("date", "'0044-03-15 BC'", "\"-0043-03-15\""),
          new Sample("date", "'1500-02-28'", "\"1500-02-28\""),
          new Sample("date", "'12026-01-15'", "\"+12026-01-15\""),
          new Sample("date", "'infinity'", "\"infinity\""),
          new Sample("date", "'-infinity'", "\"-infinity\""),
          new Sample("time", "'14:30:00.123456'", "\"14:30:00.123456\""),
          new Sample("time", "'24:00:00'", "\"24:00:00\""),
          new Sample("time", "'00:00:00'", "\"00:00:00\""),
          new Sample("timetz", "'14:30:00.5+02:30'", "\"12:00:00.5Z\""),
          new Sample("timetz", "'14:30:00-08'", "\"22:30:00Z\""),
          new Sample("timestamp", "'2026-01-15 14:30:00.123456'", "\"2026-01-15T14:30:00.123456\""),
          new Sample("timestamp", "'2026-01-15 14:30:00'", "\"2026-01-15T14:30:00\""),
          new Sample("timestamp", "'1500-01-01 00:00:00'", "\"1500-01-01T00:00:00\""),
          new Sample("timestamp", "'infinity'", "\"infinity\""),
          new Sample("timestamp", "'-infinity'", "\"-infinity\""),
          new Sample("timestamptz", "'2026-01-15 16:30:00.12+02'", "\"2026-01-15T14:30:00.12Z\""),
          new Sample("timestamptz", "'infinity'", "\"infinity\""),
          new Sample("timestamptz", "'-infinity'", "\"-infinity\""),
          new Sample("timestamptz", "'0001-01-01 00:00:00+00'", "\"0001-01-01T00:00:00Z\""),
          new Sample("interval", "'1 year 2 mons -3 days 04:05:06.789'", "\"P1Y2M-3DT4H5M6.789S\""),
          new Sample("interval", "'-00:00:01.5'", "\"PT-1.5S\""),
          new Sample("interval", "'0'", "\"PT0S\""),
          new Sample("json", "'{\"a\": 1.10, \"a\": 2}'", "{\"a\": 1.10, \"a\": 2}"),
          new Sample(
              "jsonb",
              "'{\"n\": 12345678901234567890.10, \"x\": [1, null, \"é\"]}'",
              "{\"n\": 12345678901234567890.10, \"x\": [1, null, \"é\"]}"),
          new Sample("jsonb", "'null'", "null"),
          new Sample("int4[]", "'{1,NULL,3}'", "[1,null,3]"),
          new Sample("int4[]", "'{{1,2},{3,4}}'", "[[1,2],[3,4]]"),
          new Sample("int8[]", "'{}'", "[]"),
          new Sample(
              "text[]",
              "ARRAY['a,b', 'c\"d', 'NULL', '', 'e\\f', NULL]",
              "[\"a,b\",\"c\\\"d\",\"NULL\",\"\",\"e\\\\f\",null]"),
          new Sample("numeric[]", "'{1.50,NaN}'", "[\"1.50\",\"NaN\"]"),
          new Sample("bool[]", "'{t,f}'", "[true,false]"),
          new Sample("float8[]", "'{0.1,NaN}'", "[0.1,\"NaN\"]"),
          new Sample(
              "uuid[]",
              "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'",
              "[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]"),
          new Sample("jsonb[]", "ARRAY['{\"a\": 1}'::jsonb]", "[{\"a\": 1}]"),
          new Sample("bytea[]", "ARRAY['\\xdead'::bytea]", "[\"3q0=\"]"),
          new Sample("date[]", "'{2026-01-15,infinity}'", "[\"2026-01-15\",\"infinity\"]"),
          new Sample(
              "timestamptz[]",
              "ARRAY['2026-01-15 16:30:00+02'::timestamptz]",
              "[\"2026-01-15T14:30:00Z\"]"),
          new Sample("interval[]", "ARRAY['1 day'::interval]", "[\"P1D\"]"),
          new Sample("inet", "'192.168.0.1/24'", "\"192.168.0.1/24\""),
          new Sample("cidr", "'10.0.0.0/8'", "\"10.0.0.0/8\""),
          new Sample("macaddr", "'08:00:2b:01:02:03'", "\"08:00:2b:01:02:03\""),
          new Sample("int4range", "'[1,5)'", "\"[1,5)\""),
          new Sample("tstzrange", "'empty'", "\"empty\""),
          new Sample("bit(1)", "B'1'", "\"1\""),
          new Sample("bit(8)", "B'10110000'", "\"10110000\""),
          new Sample("varbit", "B'101'", "\"101\""),
          new Sample("point", "'(1.5,-2)'", "\"(1.5,-2)\""),
          new Sample("box", "'(2,2),(1,1)'", "\"(2,2),(1,1)\""),
          new Sample("xml", "'<a>b</a>'", "\"<a>b</a>\""),
          new Sample("tsvector", "'a:1 b:2'", "\"'a':1 'b':2\""),
          new Sample("pg_lsn", "'16/B374D848'", "\"16/B374D848\""),
          new Sample("mood", "'so-so'", "\"so-so\""),
          new Sample("mood[]", "'{so-so,happy}'", "[\"so-so\",\"happy\"]"),
          new Sample("positive", "5", "5"),
          new Sample("document", "'{\"k\": 1}'", "{\"k\": 1}"));

  @Test
  void everyTypeKeepsItsValueWhicheverWayItIsRead() throws Exception {
    try (Servers servers = Servers.forTests();
        CaptureRig rig = new CaptureRig(servers)) {
      createTypes(rig);
      String columns =
          IntStream.range(0, SAMPLES.size())
              .mapToObj(i -> "v" + i + " " + SAMPLES.get(i).type())
              .collect(Collectors.joining(", "));
      EntityType type = rig.table("types", "id int PRIMARY KEY, " + columns, "id");
      insert(rig, type, 1);
      rig.sql("INSERT INTO " + type.name() + " (id) VALUES (2)");
      rig.startStreaming();
      insert(rig, type, 3);
      rig.sql("INSERT INTO " + type.name() + " (id) VALUES (4)");
      rig.sql("UPDATE " + type.name() + " SET id = id WHERE id = 3");
      rig.sql("DELETE FROM " + type.name() + " WHERE id = 3");

      List<EntityChange> changes = rig.changes(type, 6);
      Map<String, ObjectNode> rows = new LinkedHashMap<>();
      for (EntityChange change : changes) {
        note(rows, change, "before", change.before());
        note(rows, change, "after", change.after());
      }
      List<String> wrong = new ArrayList<>();
      rows.forEach((where, row) -> compare(where, row, wrong));
      assertThat(wrong).isEmpty();
      assertThat(rows).hasSize(7);
    }
  }

  private static void createTypes(CaptureRig rig) throws SQLException {
    rig.sql("CREATE TYPE public.mood AS ENUM ('sad', 'so-so', 'happy')");
    rig.sql("CREATE DOMAIN public.positive AS int CHECK (VALUE > 0)");
    rig.sql("CREATE DOMAIN public.document AS jsonb");
  }

  private static void insert(CaptureRig rig, EntityType type, int id) throws SQLException {
    rig.sql(
        "INSERT INTO "
            + type.name()
            + " VALUES ("
            + id
            + ", "
            + SAMPLES.stream().map(Sample::literal).collect(Collectors.joining(", "))
            + ")");
  }

  private static void note(
      Map<String, ObjectNode> rows,
      EntityChange change,
      String which,
      @org.jspecify.annotations.Nullable ObjectNode row) {
    if (row != null) {
      rows.put(which + " of " + change.kind() + " " + change.key(), row);
    }
  }

  private static void compare(String where, ObjectNode row, List<String> wrong) {
    int id = row.get("id").intValue();
    boolean nulls = id == 2 || id == 4;
    for (int i = 0; i < SAMPLES.size(); i++) {
      Sample sample = SAMPLES.get(i);
      JsonNode expected = nulls ? null : parse(sample.json());
      JsonNode actual = row.get("v" + i);
      String expectedText = expected == null ? "null" : expected.toString();
      String actualText = actual == null ? "absent" : actual.toString();
      if (!actualText.equals(expectedText)) {
        wrong.add(where + ": " + sample.type() + " " + sample.literal() + " is " + actualText);
      }
    }
  }

  private static JsonNode parse(String json) {
    try {
      return WireSerdes.exactJson().readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
