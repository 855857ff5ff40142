package dev.tidemark.api.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.catalog.Reference;
import dev.tidemark.contract.catalog.TableName;
import dev.tidemark.contract.sync.DeviceClock;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.pipeline.scopelog.core.Entry;
import dev.tidemark.pipeline.scopelog.core.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows, timestamps, times and orders. */
class TranslationTest {
  private static final Instant NOW = Instant.parse("2026-01-20T10:15:30Z");

  private static Entry entry(String data) {
    return new Entry(
        Position.of(9),
        Position.of(9),
        true,
        "note",
        "1",
        new Version(1, 5),
        List.of("town/1"),
        7,
        1_768_904_130_123_999L,
        null,
        Json.of("{'type':'note','data':" + data + "}").toString().getBytes(UTF_8));
  }

  @Test
  void aRowIsToldWithItsIdAsTextAndWithoutWhatThePackageKeepsForItself() {
    Entry entry = entry("{'id':1,'_status':'x','_changed':'x','_rev':'x','size':9007199254740993}");
    Map<String, String> columns = Map.of("id", "int4", "size", "int8");
    assertThat(new Rows(Dialect.WATERMELON, columns).told(entry))
        .isEqualTo(
            Json.of(
                "{'id':'1','_rev':'x','size':'9007199254740993',"
                    + "'tidemark_version':'0001-0000000000000005','updated_at':1768904130123}"));
    assertThat(new Rows(Dialect.RXDB, columns).told(entry))
        .isEqualTo(
            Json.of(
                "{'id':'1','_status':'x','_changed':'x','size':'9007199254740993',"
                    + "'tidemark_version':'0001-0000000000000005','_deleted':false}"));
  }

  @Test
  void aTablesOwnTimeOfChangeIsToldAsOne() {
    Rows rows = new Rows(Dialect.WATERMELON, Map.of("updated_at", "timestamptz"));
    assertThat(
            rows.told(entry("{'updated_at':'1970-01-01T00:00:01Z'}")).get("updated_at").longValue())
        .isEqualTo(1000);
    assertThat(rows.told(entry("{'updated_at':null}")).get("updated_at").longValue())
        .isEqualTo(1768904130123L);
  }

  @Test
  void aTimestampIsANumberAboveZeroThatJavaScriptHolds() {
    assertThat(new LastPulled(0, 1).timestamp()).isEqualTo(1);
    LastPulled last = new LastPulled((1L << 40) - 1, 8191);
    assertThat(last.timestamp()).isEqualTo((1L << 53) - 1);
    assertThat(LastPulled.of(last.timestamp())).contains(last);
    assertThat(LastPulled.of(8192)).isEmpty();
    assertThat(LastPulled.of(-1)).isEmpty();
    assertThat(LastPulled.of(1L << 53)).isEmpty();
    assertThatThrownBy(() -> new LastPulled(1L << 40, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsTooOldOrTooEarlyForTheCoreIsToldAsTheNextBest() {
    EditTimes times =
        new EditTimes(
            new DeviceClock(Duration.ofMinutes(10), NOW),
            Duration.ofDays(90),
            Duration.ofHours(24));
    Duration ahead = Duration.ofMinutes(10);
    assertThat(times.of(Optional.empty())).isEqualTo(NOW.plus(ahead));
    assertThat(times.of(Optional.of(NOW))).isEqualTo(NOW);
    assertThat(times.of(Optional.of(Instant.EPOCH)))
        .isEqualTo(NOW.minus(Duration.ofDays(90)).plus(Duration.ofHours(1)).plus(ahead));
    assertThat(times.of(Optional.of(NOW.plus(Duration.ofDays(9)))))
        .isEqualTo(NOW.plus(Duration.ofHours(24)).plus(ahead));
  }

  @Test
  void parentsComeBeforeChildrenAndDeletionsLastChildrenFirst() {
    PushOrder order =
        new PushOrder(
            new Catalog(
                List.of(type("leaf", "branch"), type("branch", "root"), type("root", "leaf"))));
    List<Pushed> pushed =
        order.of(
            List.of(
                pushed("root", OperationKind.DELETE),
                pushed("leaf", OperationKind.CREATE),
                pushed("unknown", OperationKind.UPDATE),
                pushed("branch", OperationKind.DELETE),
                pushed("branch", OperationKind.CREATE)));
    assertThat(pushed)
        .extracting(one -> one.kind().text() + " " + one.type())
        .containsSubsequence("create branch", "create leaf", "delete branch", "delete root");
  }

  private static EntityType type(String name, String parent) {
    return new EntityType(
        name,
        "",
        new TableName("public", name),
        List.of("id"),
        List.of(),
        List.of(),
        List.of(new Reference(parent + "_id", parent)),
        Map.of());
  }

  private static Pushed pushed(String type, OperationKind kind) {
    return new Pushed(
        type, Json.of("'1'"), kind, Json.object("{}"), Optional.empty(), Optional.empty(), "");
  }
}
