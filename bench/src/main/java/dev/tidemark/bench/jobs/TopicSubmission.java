package dev.tidemark.bench.jobs;

import dev.tidemark.contract.Topics;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobRequest;
import dev.tidemark.contract.job.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Straight into the topic of commands. */
final class TopicSubmission implements Submission {
  private static final int PATIENCE_SECONDS = 120;

  private final KafkaProducer<String, byte[]> producer;

  TopicSubmission(String kafka) {
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka,
                ProducerConfig.ACKS_CONFIG,
                "all",
                // As the api does.
                ProducerConfig.LINGER_MS_CONFIG,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                65_536),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @Override
  public void submit(List<BenchJob> jobs, ObjIntConsumer<String> named) throws Exception {
    List<Future<?>> sent = new ArrayList<>(jobs.size());
    for (BenchJob job : jobs) {
      UUID random = UUID.randomUUID();
      Place place =
          Place.of(
              BenchCatalog.JOBS, BenchCatalog.TYPE, Optional.empty(), Optional.empty(), random);
      String id = place.id(random);
      named.accept(id, job.number());
      Instant now = Instant.now();
      JobCommand submit =
          new JobCommand.Submit(
              id,
              new JobRequest(
                  BenchCatalog.TYPE.name(),
                  BenchCatalog.QUEUE.name(),
                  BenchCatalog.TYPE.priority(),
                  Optional.empty(),
                  Optional.empty(),
                  '"' + job.payload() + '"',
                  "bench",
                  now),
              job.due().isAfter(now) ? job.due() : now);
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  Topics.JOB_COMMAND.name(),
                  place.partition(BenchCatalog.PARTITIONS),
                  id,
                  Topics.JOB_COMMAND
                      .valueSerde()
                      .serializer()
                      .serialize(Topics.JOB_COMMAND.name(), submit))));
    }
    for (Future<?> one : sent) {
      one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
