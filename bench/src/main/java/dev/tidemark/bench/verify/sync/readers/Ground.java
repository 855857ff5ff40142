package dev.tidemark.bench.verify.sync.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a checker knows of the rows, whatever the system says. */
public interface Ground {
  /** The scopes that a row is in. */
  Set<String> scopes(String type, JsonNode row);

  /**
   * What holds between rows after every transaction, and does not between these.
   *
   * @param rows all that somebody with these scopes sees, by type/id
   * @return in words; empty if everything holds
   */
  Optional<String> broken(Map<String, ObjectNode> rows, Set<String> scopes);
}
