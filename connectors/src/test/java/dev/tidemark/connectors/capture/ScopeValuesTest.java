package dev.tidemark.connectors.capture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.ScopedChange;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.Permission;
import dev.tidemark.servers.Servers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * A scope is made of a column's text here and where a device's permission is checked: both must
 * come to the same, or a device is told of rows that it may not see, or not of its own.
 */
class ScopeValuesTest {
  /** A value of a column, and the scope that it makes; empty for none. */
  private record Sample(String type, String literal, String scope) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("int2", "-7", "-7"),
          new Sample("int4", "2147483647", "2147483647"),
          new Sample("int8", "9223372036854775807", "9223372036854775807"),
          new Sample("oid", "4294967295", "4294967295"),
          new Sample("text", "'plain'", "plain"),
          new Sample("text", "'a/b%c'", "a%2Fb%25c"),
          new Sample("text", "''", ""),
          new Sample("text", "E'\"ä\\n\\u0001\\\\'", "\"ä\n\u0001\\"),
          new Sample("varchar(9)", "'null'", "null"),
          new Sample("char(3)", "'x'", "x  "),
          new Sample(
              "uuid",
              "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
              "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
          new Sample("bool", "true", "true"),
          new Sample("bool", "false", "false"),
          new Sample("numeric", "12.50", "12.50"),
          new Sample("numeric", "'NaN'", "NaN"),
          new Sample("float8", "1e10", "1.0E+10"),
          new Sample("float8", "0.1", "0.1"),
          new Sample("float8", "-0.0", "0.0"),
          new Sample("float4", "1e-10", "1.0E-10"),
          new Sample("float8", "'Infinity'", "Infinity"),
          new Sample("date", "'2026-01-15'", "2026-01-15"),
          new Sample("timestamptz", "'2026-01-15 16:30:00.12+02'", "2026-01-15T14:30:00.12Z"),
          new Sample("shade", "'so-so'", "so-so"),
          new Sample("bytea", "'\\xdeadbeef00'", "3q2+7wA="),
          new Sample("text", "null", ""),
          new Sample("int4", "null", ""),
          new Sample("jsonb", "'\"a/b\"'", "a%2Fb"),
          new Sample("jsonb", "'1.50'", "1.50"),
          new Sample("jsonb", "'12345678901234567890123'", "12345678901234567890123"),
          new Sample("json", "'1e3'", "1E+3"),
          new Sample("jsonb", "'true'", "true"),
          new Sample("jsonb", "'null'", ""),
          new Sample("jsonb", "'{\"a\": 1}'", ""),
          new Sample("json", "' [1]'", ""),
          new Sample("int4[]", "'{1}'", ""));

  @Test
  void aScopeIsTheSameWhereverItIsAskedFor() throws Exception {
    try (Servers servers = Servers.forTests();
        CaptureRig rig = new CaptureRig(servers)) {
      rig.sql("CREATE TYPE public.shade AS ENUM ('sad', 'so-so')");
      String columns =
          IntStream.range(0, SAMPLES.size())
              .mapToObj(i -> "v" + i + " " + SAMPLES.get(i).type())
              .collect(Collectors.joining(", "));
      List<String> templates =
          IntStream.range(0, SAMPLES.size()).mapToObj(i -> "of" + i + "/{v" + i + "}").toList();
      EntityType type =
          rig.scopedTable("values", "id int PRIMARY KEY, " + columns, templates, "id");
      String values = SAMPLES.stream().map(Sample::literal).collect(Collectors.joining(", "));
      rig.sql("INSERT INTO " + type.name() + " VALUES (1, " + values + ")");
      rig.startStreaming();
      rig.sql("INSERT INTO " + type.name() + " VALUES (2, " + values + ")");
      rig.sql("DELETE FROM " + type.name() + " WHERE id = 2");
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < SAMPLES.size(); i++) {
        Sample sample = SAMPLES.get(i);
        if (!sample.scope().isEmpty() || sample.literal().equals("''")) {
          expected.add("of" + i + "/" + sample.scope());
        }
      }

      Map<String, List<String>> told = new LinkedHashMap<>();
      for (ConsumerRecord<String, ScopedChange> record :
          rig.scoped(type, all -> all.size() >= 3 * expected.size())) {
        ScopedChange change = record.value();
        told.computeIfAbsent(change.kind().text() + change.id(), _ -> new ArrayList<>())
            .add(requireNonNull(change.scope()));
      }
      assertThat(told)
          .containsOnlyKeys("put1", "put2", "remove2")
          .allSatisfy((_, scopes) -> assertThat(scopes).containsExactlyElementsOf(expected));
      for (EntityChange change : rig.changes(type, 3)) {
        ObjectNode row = change.after() == null ? change.before() : change.after();
        assertPermissionAgrees(type, requireNonNull(row), expected);
      }
    }
  }

  /** Each scope covers the row, and no template gives the row a scope that is not among them. */
  private static void assertPermissionAgrees(EntityType type, ObjectNode row, List<String> scopes) {
    for (String scope : scopes) {
      assertThat(Permission.of(Set.of(scope)).covers(type, row)).as(scope).isTrue();
    }
    for (int i = 0; i < SAMPLES.size(); i++) {
      String prefix = "of" + i + "/";
      if (scopes.stream().noneMatch(scope -> scope.startsWith(prefix))) {
        for (String guess : List.of("", "null", row.path("v" + i).toString())) {
          assertThat(Permission.of(Set.of(prefix + guess)).covers(type, row)).isFalse();
        }
      }
    }
  }
}
