package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.Version;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;

/** Asks for what has happened since, page by page, each page at any node. */
final class PullingReader extends Reader {
  private static final int REST_MILLIS = 700;
  private static final int[] LIMITS = {1, 3, 10, 40, 150, 500, 500, 5_000};

  private final Settlements settlements;

  PullingReader(Setup setup, World world, Notes notes, Random random, Settlements settlements) {
    super(setup, world, notes, random);
    this.settlements = settlements;
  }

  @Override
  void step() throws InterruptedException {
    pause(REST_MILLIS);
    mood();
    Optional<Settlements.Settled> own =
        random.nextInt(3) == 0 ? settlements.lastIn(scopes()) : Optional.empty();
    Progress progress = Progress.MORE;
    while (progress == Progress.MORE && !closed()) {
      progress = page(own.map(Settlements.Settled::version));
      if (progress == Progress.MORE && random.nextInt(30) == 0) {
        // It goes on later, with other scopes perhaps.
        return;
      }
    }
    if (progress == Progress.DONE && own.isPresent()) {
      notes.ownWrites.increment();
      if (isBehind(own.get().key(), own.get().version())) {
        notes.add(Kind.SKIPPED, setup.name(), "lacks what it waited for: " + own.get());
      }
    }
  }

  /** How a page went. */
  private enum Progress {
    MORE,
    DONE,
    FAILED
  }

  private Progress page(Optional<Version> minimum) throws InterruptedException {
    StringBuilder path = new StringBuilder("/api/sync/changes?limit=");
    path.append(LIMITS[random.nextInt(LIMITS.length)]);
    cursor().ifPresent(cursor -> path.append("&cursor=").append(cursor));
    if (!setup.types().isEmpty()) {
      path.append("&types=").append(String.join(",", setup.types()));
    }
    minimum.ifPresent(version -> path.append("&min_version=").append(version));
    Door.Answer answer;
    try {
      answer = door().get(path.toString(), token());
    } catch (IOException e) {
      notes.silences.increment();
      return Progress.FAILED;
    }
    switch (answer.status()) {
      case 200 -> {
        JsonNode json = answer.json();
        if (!json.path("has_more").isBoolean() || json.path("cursor").asText().isEmpty()) {
          notes.add(Kind.UNEXPECTED, setup.name(), "not a page: " + answer.body());
          return Progress.FAILED;
        }
        notes.pages.increment();
        boolean more = json.path("has_more").booleanValue();
        take(json.path("changes"), json.path("cursor").asText(), !more);
        return more ? Progress.MORE : Progress.DONE;
      }
      case 429, 503 -> notes.refusals.increment();
      case 410 -> {
        notes.expired.increment();
        startAnew();
      }
      default ->
          notes.add(
              Kind.UNEXPECTED, setup.name(), "answered " + answer.status() + " " + answer.body());
    }
    return Progress.FAILED;
  }
}
