package dev.tidemark.bench.verify.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * All that is known at the end.
 *
 * @param told what devices sent and were told
 * @param ledger every row of the ledger, in the order of the notes
 * @param noted every change of a row
 * @param settledNotes how often each operation was written down, by the trigger's notes
 * @param rows the rows as they are, by key
 * @param outcomes how often each operation is in the topic of outcomes
 */
record Evidence(
    List<Correspondence.Told> told,
    List<Settled> ledger,
    List<Noted> noted,
    Map<String, Integer> settledNotes,
    Map<String, ObjectNode> rows,
    Map<String, Integer> outcomes) {}
