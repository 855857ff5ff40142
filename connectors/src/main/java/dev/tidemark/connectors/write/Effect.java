package dev.tidemark.connectors.write;

import dev.tidemark.contract.sync.RowEffect;
import java.util.Locale;

/** What a write does to its row; in the order in which a transaction does it. */
enum Effect {
  NONE,
  INSERT,
  UPDATE,
  DELETE;

  static Effect of(RowEffect effect) {
    return switch (effect) {
      case RowEffect.None _ -> NONE;
      case RowEffect.Insert _ -> INSERT;
      case RowEffect.Update _ -> UPDATE;
      case RowEffect.Delete _ -> DELETE;
    };
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
