package dev.tidemark.api.sync;

import dev.tidemark.api.entities.EntityLookup;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.Outcome;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Adds the row as it is now to what only the ledger told of. A state that may be older than the
 * operation is left out: a device must not take its own past for news.
 */
@Singleton
final class CurrentRows {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final EntityLookup entities;

  CurrentRows(Catalog catalog, EntityLookup entities) {
    this.catalog = catalog;
    this.entities = entities;
  }

  List<Place> addTo(List<Place> places, Visit visit) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    return places.stream()
        .map(
            place ->
                place
                            instanceof
                            Place.Through(int index, Outcome outcome, boolean heard, boolean again)
                        && !heard
                        && System.nanoTime() - end < 0
                    ? (Place) new Place.Through(index, withRow(outcome, visit), false, again)
                    : place)
        .toList();
  }

  private Outcome withRow(Outcome outcome, Visit visit) {
    Optional<EntityType> type = catalog.type(outcome.key().type());
    if (type.isEmpty() || AnswerJson.isError(outcome)) {
      return outcome;
    }
    EntityLookup.Found found =
        entities.find(
            type.get(), outcome.key(), visit.caller(), visit.authorization(), visit.request());
    return found instanceof EntityLookup.Now now && contains(now, outcome)
        ? outcome.with(now.version(), now.row())
        : outcome;
  }

  private static boolean contains(EntityLookup.Now now, Outcome outcome) {
    return now.operation().filter(outcome.operation()::equals).isPresent()
        || !now.committedAt().isBefore(outcome.written());
  }
}
