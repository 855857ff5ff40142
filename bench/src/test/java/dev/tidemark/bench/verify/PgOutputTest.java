package dev.tidemark.bench.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.bench.verify.PgOutput.Value;
import dev.tidemark.bench.verify.TransactionReader.Committed;
import dev.tidemark.contract.ChangeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgOutputTest {
  private final TransactionReader reader = new TransactionReader();

  @Test
  void aKeyThatChangesIsADeleteAndAnInsertAtOnePosition() {
    begin();
    reader.take(20, new PgOutput.Update(1, stock("a", "1", "5"), stock("b", "1", "5")));
    List<Change> changes = commit().changes();
    assertThat(changes)
        .extracting(Change::kind)
        .containsExactly(ChangeKind.DELETE, ChangeKind.INSERT);
    assertThat(changes).extracting(Change::key).containsExactly("stock/a,1", "stock/b,1");
    assertThat(changes).extracting(Change::ordinal).containsExactly(0L, 1L);
    assertThat(changes).extracting(Change::sequence).containsExactly(0L, 1L);
  }

  @Test
  void aValueThatTheLogLeavesOutIsTakenFromTheOldRow() {
    begin();
    List<Value> after =
        List.of(new Value(false, "a"), new Value(false, "1"), new Value(true, null));
    reader.take(20, new PgOutput.Update(1, stock("a", "1", "5"), after));
    Change change = commit().changes().getFirst();
    assertThat(change.after()).isEqualTo(change.before());
    assertThat(change.changed()).isEmpty();
  }

  @Test
  void rowsAtOnePositionAreNumbered() {
    begin();
    reader.take(20, new PgOutput.Insert(1, stock("a", "1", "5")));
    reader.take(20, new PgOutput.Insert(1, stock("a", "2", "5")));
    reader.take(21, new PgOutput.Insert(1, stock("a", "3", "5")));
    assertThat(commit().changes()).extracting(Change::ordinal).containsExactly(0L, 1L, 0L);
  }

  @Test
  void anUnknownMessageIsRefused() {
    assertThatThrownBy(() -> PgOutput.read(new byte[] {'S', 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'S'");
  }

  private void begin() {
    reader.take(10, new PgOutput.Begin(30, 1_000, 7));
    reader.take(10, new PgOutput.Relation(1, "stock", VerifiedTable.STOCK.columnNames()));
  }

  private Committed commit() {
    return reader.take(30, new PgOutput.Commit(31)).orElseThrow();
  }

  private static List<Value> stock(String place, String sku, String quantity) {
    return List.of(new Value(false, place), new Value(false, sku), new Value(false, quantity));
  }
}
