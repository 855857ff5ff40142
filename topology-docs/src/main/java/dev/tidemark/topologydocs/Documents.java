package dev.tidemark.topologydocs;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.entities.EntitiesTopology;
import dev.tidemark.pipeline.runtime.StreamsFeature;
import dev.tidemark.pipeline.runtime.StreamsPolicy;
import dev.tidemark.pipeline.runtime.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** All generated documents, by path. */
final class Documents {
  static final String TOPOLOGIES = "topologies";

  private Documents() {}

  /** The features that a node runs: a new one is added here and gets its pages. */
  static List<StreamsFeature> features(Catalog catalog) {
    return List.of(
        new EntitiesTopology(catalog, new SimpleMeterRegistry()),
        new CacheTopology(catalog, new SimpleMeterRegistry()));
  }

  static Map<String, String> of(Catalog catalog) {
    Map<String, String> documents = new LinkedHashMap<>();
    List<StreamsFeature> features = features(catalog);
    documents.put("README.md", IndexPage.write(features));
    documents.put("topics.md", TopicPage.write(catalog));
    documents.put("asyncapi.yaml", AsyncApi.write(catalog));
    for (StreamsFeature feature : features) {
      TopologyGraph graph = graph(feature);
      String path = TOPOLOGIES + "/" + feature.name();
      documents.put(path + ".svg", Drawing.svg("Topology " + feature.name(), graph));
      documents.put(path + ".md", TopologyPage.write(feature, graph));
    }
    return documents;
  }

  static TopologyGraph graph(StreamsFeature feature) {
    StreamsConfig config =
        StreamsPolicy.config(feature, StreamsSettings.of("localhost:9092", Path.of("state")));
    return TopologyGraph.of(
        StreamsPolicy.applicationId(feature.name()), feature.topology(config).describe());
  }
}
