package dev.tidemark.connectors.capture;

import dev.tidemark.connectors.capture.encoding.EncodedChange;
import dev.tidemark.connectors.capture.encoding.ScopedEncoder;
import dev.tidemark.connectors.capture.encoding.ScopedEncoder.Scoped;
import dev.tidemark.connectors.capture.encoding.TablePlan;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.ScopedChange.Kind;
import dev.tidemark.contract.catalog.EntityType;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Tells scopes of the changes that were sent: those that the row has left, and those that it is in.
 * Not thread-safe.
 */
final class ScopeTeller {
  private final Tables tables;
  private final ChangeProducer producer;
  private final CaptureMetrics metrics;
  private final ScopedEncoder encoder = new ScopedEncoder();

  ScopeTeller(Tables tables, ChangeProducer producer, CaptureMetrics metrics) {
    this.tables = tables;
    this.producer = producer;
    this.metrics = metrics;
  }

  /** Tells of a change. */
  void tell(
      TablePlan plan,
      EncodedChange change,
      @Nullable Struct before,
      @Nullable Struct after,
      @Nullable Origin origin) {
    EntityType type = plan.type();
    if (!tables.isTold(type)) {
      return;
    }
    EntityKey key = change.key();
    boolean read = change.kind() == ChangeKind.READ;
    if (key != null && read && tables.isToldSince(type, key)) {
      return;
    }
    send(change, told(plan, change, before, after, origin));
    if (key != null && !read) {
      tables.toldNow(type, key);
    }
  }

  /**
   * Tells of a change that was put aside because of its size: nobody gets the row, but whoever may
   * not see it any more loses the one that he has.
   */
  void tellWhereGone(
      TablePlan plan,
      EncodedChange change,
      @Nullable Struct before,
      @Nullable Struct after,
      @Nullable Origin origin) {
    if (tables.isTold(plan.type())) {
      List<Scoped> told = told(plan, change, before, after, origin);
      send(change, told.stream().filter(scoped -> scoped.kind() == Kind.REMOVE).toList());
    }
  }

  private List<Scoped> told(
      TablePlan plan,
      EncodedChange change,
      @Nullable Struct before,
      @Nullable Struct after,
      @Nullable Origin origin) {
    return encoder.encode(
        change,
        origin,
        before != null && plan.hasScopes(before) ? plan.scopes(before) : List.of(),
        after == null ? List.of() : plan.scopes(after),
        wasElsewhere(plan, change.kind(), before));
  }

  /** Tells every scope that an entity is gone of which nothing but its key is known. */
  void vanished(EntityType type, EncodedChange change) {
    if (tables.isTold(type)) {
      send(change, encoder.encode(change, null, List.of(), List.of(), true));
    }
  }

  /** Whether the row may have been told to scopes that the change does not show. */
  private boolean wasElsewhere(TablePlan plan, ChangeKind kind, @Nullable Struct before) {
    return switch (kind) {
      case READ -> tables.wasTold(plan.type());
      case UPDATE, DELETE -> !plan.hasScopes(before) || tables.isUncertain(plan.type());
      case INSERT, TRUNCATE -> false;
    };
  }

  private void send(EncodedChange change, List<Scoped> told) {
    for (int i = 0; i < told.size(); i++) {
      Scoped scoped = told.get(i);
      if (producer.sendScoped(change, scoped, i)) {
        metrics.scoped(scoped.kind());
      } else {
        metrics.deadLetter();
      }
    }
  }
}
