package dev.tidemark.api.sync;

import dev.tidemark.api.problem.AwayException;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import java.util.List;

/** Where operations go on. */
public interface OperationSink {
  /**
   * Hands over a batch and those of its operations that are new, in their order. Returns once they
   * cannot be lost any more.
   *
   * @throws AwayException if not all were taken; sending them again does no harm
   */
  void hand(SubmittedBatch batch, List<Submission> operations);

  /** Tells of a batch of which nothing is new. Nobody waits for it. */
  void tell(SubmittedBatch batch);
}
