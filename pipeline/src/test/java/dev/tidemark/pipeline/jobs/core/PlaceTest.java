package dev.tidemark.pipeline.jobs.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlaceTest {
  private static final Optional<Pace> PACE = Optional.of(new Pace(1, Duration.ofSeconds(1)));
  private static final Optional<String> NONE = Optional.empty();
  private static final JobQueue WIDE = queue("wide", 16, Optional.empty());

  private final Random random = new Random(7);

  @Test
  void whatIsLimitedAsAWholeIsInOnePlace() {
    JobType plain = type(Optional.empty(), OptionalInt.of(1), true);
    assertThat(places(queue("one", 15, Optional.empty()), plain, "k", "u")).hasSize(1);
    assertThat(places(queue("one", 100, PACE), plain, "k", "u")).hasSize(1);
    assertThat(places(WIDE, type(PACE, OptionalInt.of(1), true), "k", "u")).hasSize(1);
    assertThat(Place.isSpread(WIDE, plain)).isTrue();
  }

  @Test
  void whatSharesAKeyIsInOnePlaceAndTheRestIsSpread() {
    JobType keyed = type(Optional.empty(), OptionalInt.of(1), true);
    assertThat(places(WIDE, keyed, "k", "")).hasSize(1);
    assertThat(places(WIDE, keyed, "k", "u"))
        .as("the key decides, not the unique key")
        .isEqualTo(places(WIDE, keyed, "k", "another"));
    JobType unique = type(Optional.empty(), OptionalInt.empty(), true);
    assertThat(places(WIDE, unique, "k", "u")).hasSize(1);
    assertThat(places(WIDE, unique, "k", "u")).isNotEqualTo(places(WIDE, unique, "k", "v"));
    assertThat(places(WIDE, unique, "k", "")).hasSizeGreaterThan(50);
    assertThat(places(WIDE, type(Optional.empty(), OptionalInt.empty(), false), "k", "u"))
        .hasSizeGreaterThan(50);
  }

  @Test
  void anIdTellsItsPlace() {
    for (int i = 0; i < 200; i++) {
      Place place = new Place(random.nextInt(1 << 16));
      String id = place.id(new UUID(random.nextLong(), random.nextLong()));
      assertThat(Place.ofId(id)).contains(place);
      assertThat(place.partition(7)).isEqualTo(place.number() % 7);
    }
    for (String other : new String[] {"", "zzzz", "12", UUID.randomUUID().toString()}) {
      assertThat(Place.ofId(other)).isEmpty();
    }
  }

  private Set<Place> places(JobQueue queue, JobType type, String key, String uniqueKey) {
    Set<Place> places = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      places.add(
          Place.of(
              queue,
              type,
              Optional.of(key),
              uniqueKey.isEmpty() ? NONE : Optional.of(uniqueKey),
              new UUID(random.nextLong(), random.nextLong())));
    }
    return places;
  }

  private static JobQueue queue(String name, int concurrency, Optional<Pace> pace) {
    return new JobQueue(name, "", 1, concurrency, JobQueue.TTL, pace);
  }

  private static JobType type(Optional<Pace> pace, OptionalInt perKey, boolean unique) {
    return new JobType(
        "work",
        "",
        "wide",
        JobType.PRIORITY,
        JobType.SOFT,
        JobType.HARD,
        JobType.ATTEMPTS,
        Backoff.DEFAULT,
        pace,
        perKey,
        unique ? Optional.of(new Uniqueness(Optional.empty())) : Optional.empty(),
        Keeping.DEFAULT);
  }
}
