package dev.tidemark.api.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RxdbPushTest {
  private static final Rows ROWS =
      new Rows(Dialect.RXDB, Map.of("title", "text", "visits", "int8", "details", "jsonb"));
  private static final String THERE =
      "{'id':'1','title':'A','visits':5,'tidemark_version':'0001-0000000000000005','_deleted':false}";

  private static List<RxdbPush.Row> read(String state, String assumed) {
    return RxdbPush.read(
        "note",
        ROWS,
        Json.of("[{'newDocumentState':" + state + ",'assumedMasterState':" + assumed + "}]"));
  }

  private static Pushed one(String state, String assumed) {
    List<RxdbPush.Row> read = read(state, assumed);
    assertThat(read).hasSize(1);
    return read.getFirst().pushed();
  }

  @Test
  void whatWasNotThereIsCreated() {
    String state =
        "{'id':'1','title':'A','visits':null,'_deleted':false,"
            + "'tidemark_edit':'2026-01-20T10:15:30Z x'}";
    for (String assumed : List.of("null", "{'id':'1','_deleted':true}")) {
      Pushed created = one(state, assumed);
      assertThat(created.kind()).isEqualTo(OperationKind.CREATE);
      assertThat(created.data()).isEqualTo(Json.of("{'title':'A'}"));
      assertThat(created.base()).isEmpty();
      assertThat(created.edited()).contains(Instant.parse("2026-01-20T10:15:30Z"));
    }
  }

  @Test
  void whatDiffersIsUpdatedUponWhatTheDeviceAssumed() {
    Pushed updated =
        one("{'id':'1','title':'A','visits':6.0,'tidemark_version':null,'_rev':'2-x'}", THERE);
    assertThat(updated.kind()).isEqualTo(OperationKind.UPDATE);
    assertThat(updated.data()).isEqualTo(Json.of("{'visits':6.0}"));
    assertThat(updated.base()).contains(new Version(1, 5));
  }

  @Test
  void aColumnThatIsLeftOutIsNull() {
    assertThat(one("{'id':'1','title':'A'}", THERE).data()).isEqualTo(Json.of("{'visits':null}"));
  }

  @Test
  void whatIsGoneIsDeletedIfItWasThere() {
    assertThat(one("{'id':'1','_deleted':true}", THERE).kind()).isEqualTo(OperationKind.DELETE);
    assertThat(read("{'id':'1','_deleted':true}", "null")).isEmpty();
    assertThat(read("{'id':'1','_deleted':true}", "{'id':'1','_deleted':true}")).isEmpty();
  }

  @Test
  void equalStatesAreNoOperation() {
    assertThat(read("{'id':'1','title':'A','visits':5.0,'tidemark_edit':'later'}", THERE))
        .isEmpty();
  }

  @Test
  void aRowIsMetOnlyByWhatIsEqualInEveryColumnVersionIncluded() {
    RxdbPush.Row row = read(THERE.replace("'A'", "'B'"), THERE).getFirst();
    assertThat(row.isMetBy(Json.object(THERE.replace("'A'", "'B'")))).isTrue();
    assertThat(row.isMetBy(Json.object(THERE))).isFalse();
    assertThat(row.isMetBy(Json.object(THERE.replace("'A'", "'B'").replace("005", "006"))))
        .isFalse();
    assertThat(row.isMetBy(Rows.gone("1"))).isFalse();
  }

  @Test
  void aDeletionIsMetByARowThatIsGone() {
    RxdbPush.Row row = read("{'id':'1','_deleted':true}", THERE).getFirst();
    assertThat(row.isMetBy(Rows.gone("1"))).isTrue();
    assertThat(row.isMetBy(Json.object(THERE))).isFalse();
  }
}
