package dev.tidemark.pipeline.jobs;

import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.Place;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A command about a job goes where the job lives. */
final class ByPlace implements StreamPartitioner<String, JobCommand> {
  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String id, JobCommand command, int partitions) {
    Place place =
        Place.ofId(id).orElseThrow(() -> new IllegalArgumentException(id + " is no id of a job"));
    return Optional.of(Set.of(place.partition(partitions)));
  }
}
