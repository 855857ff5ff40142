package dev.tidemark.connectors.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncedTest {
  private static final EntityKey ONE = new EntityKey("ticket", "1");
  private static final EntityKey OTHER = new EntityKey("ticket", "2");
  private static final Origin ORIGIN = new Origin("d1", "op-1");

  private final Announced announced = new Announced();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"entities\": [[\"ticket/1\", {\"device\": \"d1\", \"operation\": \"op-1\"}]]}",
        "{\"entities\": {\"ticket/1\": {\"device\": \"d1\", \"operation\": \"op-1\"}}}"
      })
  void anEntityHasTheOriginThatIsSaidOfIt(String message) {
    announced.take(7, message.getBytes(UTF_8));
    assertThat(announced.origin(7, ONE)).isEqualTo(ORIGIN);
    assertThat(announced.origin(7, OTHER)).isNull();
    assertThat(announced.origin(8, ONE)).isNull();
    assertThat(announced.isAwaited(7, ONE)).isTrue();
    assertThat(announced.isAwaited(7, OTHER)).isFalse();
  }

  @Test
  void oneOriginMayBeSaidOfAll() {
    announced.take(7, "{\"device\": \"d1\", \"operation\": \"op-1\"}".getBytes(UTF_8));
    assertThat(announced.origin(7, OTHER)).isEqualTo(ORIGIN);
    assertThat(announced.isAwaited(7, OTHER)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"entities\": [1, [], [\"ticket/1\"], {}]}", "{\"entities\": 1}"})
  void whatCannotBeReadIsPassedOver(String message) {
    announced.take(7, message.getBytes(UTF_8));
    assertThat(announced.origin(7, ONE)).isNull();
  }
}
