package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A row as a device knows it.
 *
 * @param version as it was answered; null if it was not
 * @param row with the device's own edits that are not sent yet
 */
record Seen(@Nullable String version, ObjectNode row) {}
