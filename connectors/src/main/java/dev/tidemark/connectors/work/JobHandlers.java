package dev.tidemark.connectors.work;

import dev.tidemark.connectors.jobs.JobHandler;
import java.util.List;

/**
 * Brings handlers of types of jobs that Tidemark does not know. Name the class in {@code
 * META-INF/services/dev.tidemark.connectors.work.JobHandlers}, put its jar on the class path, and
 * declare the types in the catalog.
 */
@FunctionalInterface
public interface JobHandlers {
  List<JobHandler<?, ?>> handlers(Means means);
}
