package dev.tidemark.api.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.pipeline.board.JobBoard.Mark;
import dev.tidemark.pipeline.board.core.Fingerprint;
import dev.tidemark.pipeline.board.core.JobFilter;
import dev.tidemark.pipeline.board.core.Phase;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads which jobs somebody means, and where a list goes on. */
final class Filters {
  static final List<String> NAMES =
      List.of("status", "queue", "type", "key", "fingerprint", "created_before");

  private static final Map<String, Set<Phase>> STATES =
      Map.of("QUEUED", EnumSet.of(Phase.SCHEDULED, Phase.RETRYING, Phase.READY));

  private Filters() {}

  /** Where values come from. */
  interface Values {
    Optional<String> of(String name);
  }

  /** Where faults go. */
  interface Faults {
    void add(String name, String detail);
  }

  static JobFilter read(Values values, JobCatalog catalog, Faults faults) {
    Optional<String> queue = values.of("queue");
    Optional<String> type = values.of("type");
    queue
        .filter(name -> catalog.queue(name).isEmpty())
        .ifPresent(name -> faults.add("queue", "The catalog declares no queue " + name + "."));
    type.filter(name -> catalog.type(name).isEmpty())
        .ifPresent(name -> faults.add("type", "The catalog declares no job type " + name + "."));
    Optional<String> printed = values.of("fingerprint");
    Optional<Fingerprint> fingerprint = printed.flatMap(Fingerprint::parse);
    if (printed.isPresent() && fingerprint.isEmpty()) {
      faults.add("fingerprint", "A fingerprint has 16 digits, as the list of dead letters tells.");
    }
    return new JobFilter(
        phases(values, faults), queue, type, values.of("key"), fingerprint, before(values, faults));
  }

  private static Optional<Instant> before(Values values, Faults faults) {
    try {
      return values.of("created_before").map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      faults.add(
          "created_before",
          "'created_before' is a time with its offset, such as 2026-03-01T12:00:00Z.");
      return Optional.empty();
    }
  }

  private static Set<Phase> phases(Values values, Faults faults) {
    Optional<String> given = values.of("status");
    if (given.isEmpty()) {
      return EnumSet.allOf(Phase.class);
    }
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    for (String word : given.get().split(",", -1)) {
      Set<Phase> several = STATES.get(word.strip().toUpperCase(Locale.ROOT));
      Optional<Phase> one = Phase.of(word.strip().toLowerCase(Locale.ROOT));
      if (several != null) {
        phases.addAll(several);
      } else if (one.isPresent()) {
        phases.add(one.get());
      } else {
        faults.add(
            "status",
            "'status' is one or more, with commas, of QUEUED, RUNNING, COMPLETED, FAILED, CANCELLED;"
                + " or of scheduled, retrying, ready, refused.");
      }
    }
    return phases;
  }

  /** A cursor is opaque to callers. */
  static Optional<Mark> mark(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
      int space = text.indexOf(' ');
      return space < 0
          ? Optional.empty()
          : Optional.of(
              new Mark(Long.parseLong(text.substring(0, space)), text.substring(space + 1)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static String cursor(Mark mark) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((mark.atMicros() + " " + mark.id()).getBytes(UTF_8));
  }
}
