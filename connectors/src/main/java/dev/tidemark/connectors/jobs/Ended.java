package dev.tidemark.connectors.jobs;

import dev.tidemark.contract.job.WorkOrder.Why;

/** A handler ended because it was asked to. */
public final class Ended extends Exception {
  private static final long serialVersionUID = 1;

  Ended(Why why) {
    super(
        switch (why) {
          case LIMIT -> "it took longer than it may";
          case CANCELLED -> "it was cancelled";
          case ABANDONED -> "it is another worker's";
        });
  }
}
