package dev.tidemark.api.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is said of a batch.
 *
 * @param settled whether all of it is through
 */
record Answer(String batch, boolean settled, ObjectNode json) {}
