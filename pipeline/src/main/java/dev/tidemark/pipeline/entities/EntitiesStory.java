package dev.tidemark.pipeline.entities;

import dev.tidemark.pipeline.resolution.Resolution;
import dev.tidemark.pipeline.runtime.TopologyStory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entities topology in words. */
final class EntitiesStory {
  private EntitiesStory() {}

  static TopologyStory tell() {
    Map<String, String> operators = new LinkedHashMap<>();
    operators.put(
        EntitiesTopology.CHANGES,
        "Reads every change topic. One source for all of them, so that one task holds all entities"
            + " of its partition.");
    operators.put(
        EntitiesTopology.FOLD,
        "Folds a change into the state of its entity. Only a version after the known one counts;"
            + " everything else is ignored and counted with its reason. Every 50 ms it goes on with"
            + " a truncate that had more entities to end than one step may.");
    operators.put(EntitiesTopology.OPERATIONS, "Reads what devices ask for.");
    operators.put(
        EntitiesTopology.ANSWERS, "Reads which writes the database did not take as they were.");
    operators.put(
        EntitiesTopology.OUTCOMES,
        "Reads what became of operations: the ledger, as it was committed.");
    operators.put("asked", "Calls an operation an event of its entity.");
    operators.put("answered", "Calls an answer an event of its entity.");
    operators.put("settled", "Calls an outcome an event of its entity.");
    operators.put("changed-or-asked", "All events of an entity go one way.");
    operators.put("or-answered", "All events of an entity go one way.");
    operators.put("or-settled", "All events of an entity go one way.");
    operators.put(
        EntitiesTopology.RESOLVE,
        "Decides operations on the state of their entity. One write is in flight per entity;"
            + " operations that come meanwhile queue behind it and are decided together when the"
            + " state shows it. What the database did not take is decided again: a row that was not"
            + " as expected, a locked one, a parent that is missing, several operations that it"
            + " refuses together. A write of which nothing is heard for 10 s is decided again as"
            + " well; the ledger tells twins.");
    operators.put(EntitiesTopology.WRITES, "Sends what was decided to the writer.");
    Map<String, String> stores = new LinkedHashMap<>();
    stores.put(
        EntitiesTopology.ENTITIES,
        "The latest state of every entity by `type/id`: the row, the change that made it so, and a"
            + " version per field. A deleted entity leaves a tombstone with its last row.");
    stores.put(
        EntitiesTopology.TRUNCATIONS,
        "Truncates that have not ended all their entities yet, by type. Nearly always empty.");
    stores.put(
        Resolution.PENDING,
        "Operations on their way, by entity: the write that is out and what it carries. An entity"
            + " that rests has none.");
    stores.put(
        Resolution.QUEUE,
        "Operations that wait behind others of their entity, in the order they came.");
    return new TopologyStory(
        "Keeps the latest state of every entity, with its version and a version per field; decides"
            + " devices' operations on it, and `GET /api/entities/{type}/{id}` answers from it, from"
            + " whichever node holds the entity's partition.",
        operators,
        stores,
        List.of(
            "Exactly once: the state, its changelog and the read offsets advance in one Kafka"
                + " transaction.",
            "A repeated or late change does nothing, so reading a topic again from its start is"
                + " harmless.",
            "A newer epoch always wins. A row that an incremental snapshot read fills a gap and"
                + " never overrides a change of the same epoch.",
            "No field has a version after its entity's.",
            "Of the operations of one entity one write is out at a time, and they are decided in the"
                + " order they came.",
            "An operation leaves the store when it is in the ledger, and not before.",
            "A record that cannot be read or contradicts itself goes to the dead-letter topic with"
                + " the reason, and the stream goes on. A store, disk or broker that fails stops the"
                + " task until it works again, and no change is skipped.",
            "A truncate of a large table is not atomic for readers: entities of the type end within"
                + " seconds, in steps of 5,000 per partition."),
        List.of(
            "An entity type more in the catalog: nothing. The group takes the new topic up at its"
                + " next rebalance; create the topic first.",
            "Another number of partitions: entities move to other partitions, and the state must be"
                + " rebuilt. Stop, create the topics anew, and start with an empty state directory"
                + " and a new application id.",
            "A store renamed: its changelog has another name and starts empty. The state must be"
                + " rebuilt from the change topics, which keep everything.",
            "The stored format: every format ever written stays readable, so a new one needs a new"
                + " leading byte and a reader for both. Going back to a program that knows only the"
                + " old format needs a rebuild.",
            "An operator more within the sub-topology: nothing, as long as the stores stay where they"
                + " are."));
  }
}
