package dev.tidemark.contract.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresUrlTest {
  @Test
  void aUrlIsTakenApart() {
    assertThat(
            PostgresUrl.parse("postgresql://us%40er:p%2Fw+1@db.example:6000/shop?sslmode=require"))
        .isEqualTo(
            new PostgresUrl(
                "db.example", 6000, "shop", "us@er", "p/w+1", Map.of("sslmode", "require")));
  }

  @Test
  void portAndPasswordMayBeLeftOut() {
    assertThat(PostgresUrl.parse("postgres://me@localhost/shop"))
        .isEqualTo(new PostgresUrl("localhost", 5432, "shop", "me", "", Map.of()));
  }

  @Test
  void thePasswordStaysOutOfMessages() {
    assertThat(PostgresUrl.parse("postgresql://me:secret@localhost/shop").toString())
        .isEqualTo("postgresql://me@localhost:5432/shop");
  }

  @Test
  void whatCannotBeUsedIsRefusedWithAnExample() {
    for (String text :
        List.of(
            "",
            "mysql://me@localhost/shop",
            "postgresql:///shop",
            "postgresql://localhost/shop",
            "postgresql://me@localhost",
            "postgresql://me@local host/shop")) {
      assertThatThrownBy(() -> PostgresUrl.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("postgresql://user:password@host:5432/database");
    }
  }
}
