package dev.tidemark.api.workers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineBudgetTest {
  private final LineBudget budget = new LineBudget();

  @Test
  void theFirstThousandOfAnAttemptAreKept() {
    assertThat(budget.take("a", 1, 600)).isEqualTo(600);
    assertThat(budget.take("b", 1, 900)).isEqualTo(900);
    assertThat(budget.take("a", 1, 600)).isEqualTo(400);
    assertThat(budget.take("a", 1, 600)).isZero();
    assertThat(budget.take("a", 2, 600)).as("of the next attempt").isEqualTo(600);
  }

  @Test
  void whatWasHeardOfLongAgoIsForgottenFirst() {
    budget.take("old", 1, 1_000);
    budget.take("alive", 1, 1_000);
    for (int i = 0; i < 10_000; i++) {
      budget.take("other" + i, 1, 1);
      assertThat(budget.take("alive", 1, 1)).isZero();
    }
    assertThat(budget.take("old", 1, 1)).isEqualTo(1);
  }
}
