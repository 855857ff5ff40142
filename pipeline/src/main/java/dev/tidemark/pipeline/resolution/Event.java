package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.pipeline.entities.core.EntityState;

/** What can happen to an entity that has to do with its operations. */
public sealed interface Event {
  /** A device asks for something. */
  record Asked(Submission submission) implements Event {
    public Asked {
      requireNonNull(submission, "an operation's record has no value");
    }
  }

  /** A write has to be decided again. */
  record Answered(WriteAnswer answer) implements Event {
    public Answered {
      requireNonNull(answer, "an answer's record has no value");
    }
  }

  /** An operation is in the ledger. */
  record Settled(Outcome outcome) implements Event {
    public Settled {
      requireNonNull(outcome, "an outcome's record has no value");
    }
  }

  /** The state of the entity is another: this one. */
  record Changed(EntityState state) implements Event {
    public Changed {
      requireNonNull(state, "state is null");
    }
  }
}
