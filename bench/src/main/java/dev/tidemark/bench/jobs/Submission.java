package dev.tidemark.bench.jobs;

import java.util.List;
import java.util.function.ObjIntConsumer;

/** The door through which Tidemark is given jobs. */
interface Submission extends AutoCloseable {
  /**
   * Submits jobs; returns when they are accepted for good.
   *
   * @param named told the id of each job before anybody else can know it
   */
  void submit(List<BenchJob> jobs, ObjIntConsumer<String> named) throws Exception;

  @Override
  void close();
}
