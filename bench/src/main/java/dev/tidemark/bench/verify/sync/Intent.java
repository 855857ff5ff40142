package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/**
 * What a device means to do.
 *
 * @param key its own name for it
 * @param operation as it is sent
 * @param counted by how much it means to count up; empty if it does not count
 * @param valid whether the api may take it at all
 */
record Intent(
    String device,
    String key,
    String type,
    long entity,
    ObjectNode operation,
    OptionalLong counted,
    boolean valid) {
  /** The field of each type that counts. */
  static String counter(String type) {
    return type.equals("item") ? "visits" : "amount";
  }
}
