package dev.tidemark.api.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatermelonPushTest {
  private static final Version SEEN = new Version(1, 7);
  private static final Rows ROWS =
      new Rows(Dialect.WATERMELON, Map.of("title", "text", "tags", "_text", "visits", "int4"));

  private static List<Pushed> read(String changes) {
    return new WatermelonPush(_ -> ROWS, (_, id) -> Optional.of(SEEN).filter(_ -> id.equals("9")))
        .read(Json.object(changes));
  }

  private static Pushed one(String changes) {
    List<Pushed> read = read(changes);
    assertThat(read).hasSize(1);
    return read.getFirst();
  }

  @Test
  void aCreatedRowIsMadeOfWhatIsNotNullAndHasNoBase() {
    Pushed created =
        one(
            """
            {'note':{'created':[{'id':'1','_status':'created','_changed':'','title':'A','visits':null,
             'tags':'[]','tidemark_version':'0001-0000000000000005','updated_at':1000}]}}
            """);
    assertThat(created.kind()).isEqualTo(OperationKind.CREATE);
    assertThat(created.data()).isEqualTo(Json.of("{'title':'A','tags':[]}"));
    assertThat(created.base()).isEmpty();
    assertThat(created.edited()).contains(Instant.ofEpochSecond(1));
  }

  @Test
  void anUpdatedRowSetsWhatChangedAndNothingElse() {
    Pushed updated =
        one(
            """
            {'note':{'updated':[{'id':'1','_status':'updated','_changed':'visits,updated_at,title',
             'title':'A','visits':null,'tags':'[]','tidemark_version':'0001-0000000000000005',
             'updated_at':1000}]}}
            """);
    assertThat(updated.kind()).isEqualTo(OperationKind.UPDATE);
    assertThat(updated.data()).isEqualTo(Json.of("{'visits':null,'title':'A'}"));
    assertThat(updated.base()).contains(new Version(1, 5));
    assertThat(updated.edited()).contains(Instant.ofEpochSecond(1));
  }

  @Test
  void anUpdateOfNothingIsNoOperation() {
    assertThat(read("{'note':{'updated':[{'id':'1','_changed':'updated_at','updated_at':1}]}}"))
        .isEmpty();
    assertThat(read("{'note':{}}")).isEmpty();
  }

  @Test
  void anOldTimeOfARowSaysNothingOfThisEdit() {
    Pushed updated =
        one("{'note':{'updated':[{'id':'1','_changed':'title','title':'A','updated_at':1000}]}}");
    assertThat(updated.edited()).isEmpty();
    assertThat(updated.base()).isEmpty();
  }

  @Test
  void aDeletionIsMadeUponTheVersionThatItNamesOrElseUponWhatWasSeen() {
    List<Pushed> deleted =
        read(
            "{'note':{'deleted':['9','8',{'id':'7','tidemark_version':'0001-0000000000000005'}]}}");
    assertThat(deleted)
        .extracting(Pushed::base)
        .containsExactly(Optional.of(SEEN), Optional.empty(), Optional.of(new Version(1, 5)));
  }

  @Test
  void theSameEditIsTheSameContentAndALaterOneIsNot() {
    String edit = "{'note':{'updated':[{'id':'1','_changed':'title,updated_at','title':'A',%s}]}}";
    assertThat(one(edit.formatted("'updated_at':1")).content())
        .isEqualTo(one(edit.formatted("'visits':3,'updated_at':1")).content())
        .isNotEqualTo(one(edit.formatted("'updated_at':2")).content());
  }

  @Test
  void whatIsNoRowIsReadAsOneWithoutAnId() {
    assertThat(read("{'note':{'created':[7,{'title':'A'}],'updated':[null],'deleted':[{}]}}"))
        .extracting(Pushed::idText)
        .containsExactly("", "", "");
  }
}
