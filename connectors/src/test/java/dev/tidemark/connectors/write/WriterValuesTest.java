package dev.tidemark.connectors.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.Expected;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.RowEffect;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.servers.Servers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * Values of every Postgres type, in the form in which the contract shows them, are recognised in a
 * row and can be written into one.
 */
class WriterValuesTest {
  /** A literal of a type, and the JSON that the contract promises for it. */
  private record Sample(String type, String literal, String json) {
    boolean isNull() {
      return json.equals("null");
    }

    /** What must be equal in two columns for them to look alike. */
    String shown(String column) {
      return switch (type) {
        case "json" -> column + "::jsonb::text";
        case "timetz" -> "(" + column + " AT TIME ZONE 'UTC')::text";
        default -> column + "::text";
      };
    }
  }

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
  void everyTypeIsRecognisedAndWritten() throws Exception {
    try (Servers servers = Servers.forTests();
        WriterRig rig = new WriterRig(servers.postgresUrl(), servers.kafka())) {
      rig.sql("CREATE TYPE public.mood AS ENUM ('sad', 'so-so', 'happy')");
      rig.sql("CREATE DOMAIN public.positive AS int CHECK (VALUE > 0)");
      rig.sql("CREATE DOMAIN public.document AS jsonb");
      String columns =
          IntStream.range(0, SAMPLES.size())
              .mapToObj(i -> "v" + i + " " + SAMPLES.get(i).type())
              .collect(Collectors.joining(", "));
      EntityType type = rig.type("values", "id int PRIMARY KEY, " + columns);
      rig.sql(
          "INSERT INTO "
              + type.name()
              + " SELECT i, "
              + SAMPLES.stream().map(Sample::literal).collect(Collectors.joining(", "))
              + " FROM generate_series(0, 999) i");
      rig.sql("INSERT INTO " + type.name() + " (id) SELECT generate_series(1000, 2999)");
      List<RowWrite> good = new ArrayList<>();
      List<RowWrite> stale = new ArrayList<>();
      for (int i = 0; i < SAMPLES.size(); i++) {
        good.add(write(type, i, i, SAMPLES.get(i).json(), SAMPLES.get(i).json()));
        good.add(write(type, 1000 + i, i, SAMPLES.get(i).json(), "null"));
        if (!SAMPLES.get(i).isNull()) {
          stale.add(write(type, 500 + i, i, "null", "null"));
          stale.add(write(type, 2000 + i, i, "null", SAMPLES.get(i).json()));
        }
      }
      rig.send(good.toArray(RowWrite[]::new));
      rig.send(stale.toArray(RowWrite[]::new));
      rig.start();

      List<String> wrong = new ArrayList<>();
      rig.answers(stale.getLast(), 1);
      rig.answers(stale.get(stale.size() - 2), 1);
      good.forEach(write -> note(rig, write, wrong));
      Set<String> answered = new HashSet<>();
      for (ConsumerRecord<?, WriteAnswer> answer : rig.read(Topics.WRITE_ANSWER)) {
        answered.add(answer.value().write() + " " + answer.value().kind());
      }
      for (RowWrite write : stale) {
        if (!answered.contains(write.id() + " " + WriteAnswer.Kind.STALE)) {
          wrong.add(write.key() + " is not stale: " + write.expected());
        }
      }
      for (int i = 0; i < SAMPLES.size(); i++) {
        if (!SAMPLES.get(i).isNull()) {
          compare(rig, type, i, wrong);
        }
      }
      assertThat(wrong).isEmpty();
    }
  }

  private static void note(WriterRig rig, RowWrite write, List<String> wrong) {
    String id = write.entries().getLast().submission().operation().id();
    String row =
        rig.value(
            "SELECT result || coalesce(error::text, '') FROM tidemark.ledger WHERE id = '"
                + id
                + "'");
    if (!"applied".equals(row)) {
      wrong.add(write.key() + ": " + write.effect() + " is " + row);
    }
  }

  private static void compare(WriterRig rig, EntityType type, int i, List<String> wrong) {
    Sample sample = SAMPLES.get(i);
    String shown = "SELECT " + sample.shown("v" + i) + " FROM " + type.name() + " WHERE id = ";
    String literal = rig.value(shown + 999);
    for (int id : new int[] {i, 1000 + i}) {
      String written = rig.value(shown + id);
      if (literal == null || !literal.equals(written)) {
        wrong.add(sample.type() + " " + literal + " became " + written);
      }
    }
  }

  private static RowWrite write(EntityType type, int id, int i, String value, String expected) {
    return WriterRig.write(
        type,
        Integer.toString(id),
        new RowEffect.Update(object(i, value)),
        new Expected.Present(object(i, expected)),
        OperationKind.UPDATE);
  }

  private static ObjectNode object(int i, String value) {
    ObjectNode object = WireSerdes.exactJson().createObjectNode();
    object.set("v" + i, parse(value));
    return object;
  }

  private static JsonNode parse(String json) {
    try {
      return WireSerdes.exactJson().readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
