package dev.tidemark.api.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;

/** Takes one JSON document per body, of bounded depth, in which no key comes twice. */
@Singleton
final class JsonLimits implements BeanCreatedEventListener<ObjectMapper> {
  private final HttpSettings settings;

  JsonLimits(HttpSettings settings) {
    this.settings = settings;
  }

  @Override
  public ObjectMapper onCreated(BeanCreatedEvent<ObjectMapper> event) {
    ObjectMapper mapper = event.getBean();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(settings.jsonDepth())
                .maxStringLength(settings.bodyLimit())
                .maxDocumentLength(settings.bodyLimit())
                .build());
    mapper.getFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    return mapper;
  }
}
