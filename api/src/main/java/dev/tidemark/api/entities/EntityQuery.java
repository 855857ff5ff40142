package dev.tidemark.api.entities;

import dev.tidemark.pipeline.entities.core.EntityState.Deleted;
import dev.tidemark.pipeline.entities.core.EntityState.Live;
import jakarta.inject.Singleton;

/** Finds the node that knows an entity, and what it knows. */
@Singleton
final class EntityQuery {
  private final EntityStates states;
  private final OwnerClient owners;

  EntityQuery(EntityStates states, OwnerClient owners) {
    this.states = states;
    this.owners = owners;
  }

  EntityAnswer ask(EntityQuestion question) {
    return switch (states.locate(question.address().key())) {
      case Locate.Local(int partition) -> askHere(question, partition);
      case Locate.Remote(NodeAddress node) ->
          question.relayed()
              ? new EntityAnswer.Unavailable("two nodes hold each other for the owner of it")
              : owners.ask(node, question);
      case Locate.Unavailable(String why) -> new EntityAnswer.Unavailable(why);
    };
  }

  private EntityAnswer askHere(EntityQuestion question, int partition) {
    return switch (states.read(question.address().key(), partition)) {
      case LocalRead.Unavailable(String why) -> new EntityAnswer.Unavailable(why);
      case LocalRead.Nothing() -> absent(question, partition);
      case LocalRead.Found(Deleted _) -> absent(question, partition);
      case LocalRead.Found(Live live) ->
          question.caller().reads().covers(question.address().type(), live.row())
              ? new EntityAnswer.Present(live)
              : absent(question, partition);
    };
  }

  /**
   * The one way to say no. A row that the caller may not see takes it too, so that neither the
   * answer nor the time it takes tells it from a row that is not there.
   */
  private EntityAnswer absent(EntityQuestion question, int partition) {
    return states.isCurrent(question.address().key().type(), partition)
        ? new EntityAnswer.Absent()
        : new EntityAnswer.Unavailable(
            "the table has not been read whole yet, or this node is still reading its changes");
  }
}
