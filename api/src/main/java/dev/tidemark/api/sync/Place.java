package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.Outcome;

/** What is known of one place of a batch. */
public sealed interface Place {
  int index();

  /** It was not accepted, or not taken for what it is; the problem is told as it is. */
  record Failed(int index, ObjectNode problem) implements Place {}

  /**
   * It is through.
   *
   * @param heard whether the outcome was heard as it came, with the row; else the ledger told it
   * @param again whether it was through before it was sent this time
   */
  record Through(int index, Outcome outcome, boolean heard, boolean again) implements Place {}

  /** It is on its way. */
  record Pending(int index) implements Place {}
}
