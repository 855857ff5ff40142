package dev.tidemark.pipeline.runtime;

import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topic.Retention;
import dev.tidemark.contract.Topic.Spread;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** Says again what it hears, after the given function has had its say. */
record EchoFeature(String word, UnaryOperator<String> function, List<String> inputs)
    implements StreamsFeature {
  static final byte[] UNREADABLE = "\u0000garbage".getBytes(StandardCharsets.UTF_8);

  static final int LIMIT = 100_000;

  EchoFeature(String word, UnaryOperator<String> function) {
    this(word, function, List.of("in-" + word));
  }

  EchoFeature withSecondInput() {
    List<String> both = new ArrayList<>(inputs);
    both.add(input() + "-2");
    return new EchoFeature(word, function, both);
  }

  String input() {
    return inputs.getFirst();
  }

  String output() {
    return "out-" + word;
  }

  String group() {
    return StreamsPolicy.applicationId(name());
  }

  @Override
  public String name() {
    return "echo-" + word;
  }

  @Override
  public List<Topic<?, ?>> reads() {
    return inputs.stream()
        .<Topic<?, ?>>map(
            name ->
                new Topic<>(
                    name,
                    "words",
                    Serdes.String(),
                    words(),
                    "any",
                    "a word",
                    Spread.BY_ENTITY,
                    Retention.KEPT,
                    List.of("a test"),
                    List.of("echo")))
        .toList();
  }

  @Override
  public Topology topology(StreamsConfig config) {
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    builder.stream(inputs, Consumed.with(Serdes.String(), words()).withName("hear"))
        .mapValues(function::apply, Named.as("think"))
        .to(
            output(),
            Produced.with(Serdes.String(), LimitedSerde.of(Serdes.String(), LIMIT))
                .withName("say"));
    return builder.build();
  }

  @Override
  public TopologyStory story() {
    return new TopologyStory("Echoes.", Map.of(), Map.of(), List.of(), List.of());
  }

  private static Serde<String> words() {
    return Serdes.serdeFrom(
        Serdes.String().serializer(),
        (topic, bytes) -> {
          if (bytes != null && bytes.length > 0 && bytes[0] == 0) {
            throw new SerializationException("unreadable");
          }
          return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
        });
  }
}
