package dev.tidemark.pipeline.runtime;

/** How often a record that a topology reads may take effect. */
public enum Delivery {
  /** Results and stores show each record once, whatever dies. */
  EXACTLY_ONCE,
  /**
   * As well, and the topology asks for each commit itself. What it does not ask for is committed
   * after four times as long as elsewhere.
   */
  EXACTLY_ONCE_ON_REQUEST,
  /**
   * After a failure a record may take effect again, and records are read before the transaction
   * that wrote them has committed. For results that may come twice and should come soon.
   */
  AT_LEAST_ONCE
}
