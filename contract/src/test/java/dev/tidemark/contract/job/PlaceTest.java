package dev.tidemark.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
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
    assertThat(places(queue("wide", 15, Optional.empty()), plain, "k", "u")).hasSize(1);
    assertThat(places(queue("wide", 100, PACE), plain, "k", "u")).hasSize(1);
    assertThat(places(WIDE, type(PACE, OptionalInt.of(1), true), "k", "u")).hasSize(1);
    assertThat(WIDE.isSpread()).isTrue();
  }

  @Test
  void queuesThatShareATypeAreInOnePlaceUnlessTheyAreSpread() {
    JobQueue one = queue("one", 4, Optional.empty());
    JobQueue two = queue("two", 4, Optional.empty());
    JobQueue far = queue("far", 4, Optional.empty());
    JobType both = routed("both", "wide", "one");
    JobType other = routed("other", "two", "one");
    JobType alone = routed("alone", "far", "far");
    JobType wide = routed("wide", "wide", "wide");
    JobCatalog catalog =
        new JobCatalog(List.of(WIDE, one, two, far), List.of(both, other, alone, wide), List.of());
    assertThat(catalog.home(both)).contains("one");
    assertThat(catalog.home(other)).contains("one");
    assertThat(catalog.home(alone)).contains("far");
    assertThat(catalog.home(wide)).as("its share is in each place").isEmpty();
  }

  private static JobType routed(String name, String queue, String urgent) {
    return new JobType(
        name,
        "",
        queue,
        JobType.PRIORITY,
        JobType.SOFT,
        JobType.HARD,
        JobType.ATTEMPTS,
        Backoff.DEFAULT,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Keeping.DEFAULT,
        List.of(new JobType.Route(8, false, urgent)));
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
    JobType plain = type(Optional.empty(), OptionalInt.empty(), false);
    assertThat(places(WIDE, plain, "k", "u")).as("a unique key counts in any type").hasSize(1);
    assertThat(places(WIDE, plain, "k", "")).hasSizeGreaterThan(50);
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

  @Test
  void aTimeOfAScheduleHasOneJob() {
    Instant noon = Instant.parse("2026-06-01T12:00:00Z");
    JobType plain = type(Optional.empty(), OptionalInt.empty(), true);
    JobCatalog catalog = new JobCatalog(List.of(WIDE), List.of(plain), List.of());
    String id = Place.idOf(catalog, plain, "nightly", noon);
    assertThat(id).isEqualTo("0dff-78594410-7d30-38fc-b135-b2977b000dff");
    assertThat(Place.idOf(catalog, plain, "nightly", noon.plusSeconds(60))).isNotEqualTo(id);
    assertThat(Place.idOf(catalog, plain, "daily", noon)).isNotEqualTo(id);
    JobQueue narrow = queue("wide", 15, Optional.empty());
    JobCatalog other = new JobCatalog(List.of(narrow), List.of(plain), List.of());
    String there = Place.idOf(other, plain, "nightly", noon);
    assertThat(Place.ofId(there)).contains(Place.of(other, plain, NONE, NONE, new UUID(1, 2)));
    assertThat(there.substring(5)).isEqualTo(id.substring(5));
  }

  private Set<Place> places(JobQueue queue, JobType type, String key, String uniqueKey) {
    Set<Place> places = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      places.add(
          Place.of(
              new JobCatalog(List.of(queue), List.of(type), List.of()),
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
        Keeping.DEFAULT,
        List.of());
  }
}
