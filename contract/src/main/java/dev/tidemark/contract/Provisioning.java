package dev.tidemark.contract;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What came of making a cluster's topics fit the catalogue. */
public sealed interface Provisioning {

  /**
   * Every topic is there and as it must be.
   *
   * @param created the names of those that were missing
   * @param found how many were there already
   */
  record Ready(List<String> created, int found) implements Provisioning {
    public Ready {
      created = List.copyOf(created);
    }
  }

  /**
   * Some topics are not as they must be, and nothing was changed about them: that is for a human.
   *
   * @param complaints one sentence each, with what was found, what is expected, and the remedy
   */
  record Unfit(List<String> complaints) implements Provisioning {
    public Unfit {
      complaints = List.copyOf(complaints);
    }
  }

  /** The broker's features, where they matter to a promise of ours. */
  sealed interface Features {
    /** The cluster can keep the promises. */
    record Sufficient(int transactionVersion) implements Features {}

    /** It cannot, for a reason. */
    record Insufficient(String complaint) implements Features {
      public Insufficient {
        requireNonNull(complaint, "complaint is null");
      }
    }
  }
}
