package dev.tidemark.contract.sync;

import java.util.Locale;

/** What met what: the device's operation first, then what the server had seen meanwhile. */
public enum ConflictType {
  UPDATE_UPDATE,
  UPDATE_DELETE,
  DELETE_UPDATE,
  CREATE_CREATE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
