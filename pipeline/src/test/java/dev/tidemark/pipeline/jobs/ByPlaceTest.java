package dev.tidemark.pipeline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.Place;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ByPlaceTest {
  @Test
  void aJobGoesToThePartitionOfItsPlace() {
    String id = new Place(7).id(new UUID(1, 2));
    assertThat(partitions(id)).isEqualTo(Optional.of(Set.of(3)));
    assertThatIllegalArgumentException().isThrownBy(() -> partitions("x"));
  }

  private static Optional<Set<Integer>> partitions(String id) {
    return new ByPlace().partitions("topic", id, new JobCommand.Cancel(id), 4);
  }
}
