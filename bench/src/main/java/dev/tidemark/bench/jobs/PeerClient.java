package dev.tidemark.bench.jobs;

import java.sql.SQLException;
import java.util.List;

/** A peer as whoever submits jobs has it, with its tables. */
interface PeerClient extends AutoCloseable {
  /** Makes its tables. */
  void prepare() throws SQLException;

  /** Submits jobs; returns when they are committed. */
  void submit(List<BenchJob> jobs);

  /** How many jobs that are not of another day are not done. */
  int undone() throws SQLException;

  /** How many of these are not done. */
  int undone(List<BenchJob> jobs) throws SQLException;

  @Override
  void close();
}
