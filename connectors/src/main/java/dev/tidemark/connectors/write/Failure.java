package dev.tidemark.connectors.write;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Whose fault it is that a statement failed, by its SQLSTATE. */
enum Failure {
  /** Postgres cannot serve anybody at the moment: everything is tried again. */
  AWAY,
  /** Somebody else was in the way. */
  CONTENDED,
  /** The statement does not fit the table, which may have changed. */
  MISFIT,
  /** A row that is referred to is not there, or is still referred to. */
  REFERENCE,
  /** The database will not take it, now or later. */
  REFUSED;

  static Failure of(SQLException failure) {
    @Nullable String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      return AWAY;
    }
    return switch (state) {
      case "55P03", "40P01", "40001", "57014" -> CONTENDED;
      case "42703", "42804", "42P18", "42P01", "0A000" -> MISFIT;
      case "23503" -> REFERENCE;
      default ->
          switch (state.substring(0, 2)) {
            case "08", "25", "28", "3D", "53", "57", "58" -> AWAY;
            default -> REFUSED;
          };
    };
  }
}
