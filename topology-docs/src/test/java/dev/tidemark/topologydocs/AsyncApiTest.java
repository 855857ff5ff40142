package dev.tidemark.topologydocs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.EntityChange;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Origin;
import dev.tidemark.contract.Topic;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.contract.catalog.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class AsyncApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Catalog catalog = ReferenceCatalog.read();
  private final JsonNode document =
      JSON.valueToTree(
          new Load(LoadSettings.builder().setMaxAliasesForCollections(0).build())
              .loadFromString(AsyncApi.write(catalog)));

  @Test
  void itIsAsyncApi() throws IOException {
    try (InputStream schema =
        AsyncApiTest.class.getResourceAsStream("/asyncapi/asyncapi-3.0.0.json")) {
      JsonSchema asyncApi =
          JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(JSON.readTree(schema));
      assertThat(asyncApi.validate(document)).isEmpty();
    }
  }

  @Test
  void everyTopicIsAChannel() {
    List<String> addresses = new ArrayList<>();
    document.path("channels").forEach(channel -> addresses.add(channel.path("address").asText()));
    assertThat(addresses)
        .containsExactlyElementsOf(Topics.of(catalog).stream().map(Topic::name).toList());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    document
        .findValues("$ref")
        .forEach(
            ref ->
                assertThat(document.at(ref.asText().substring(1)).isMissingNode())
                    .as(ref.asText())
                    .isFalse());
  }

  @Test
  void whatTheContractWritesIsWhatTheSchemaSays() throws IOException {
    for (ChangeKind kind : ChangeKind.values()) {
      assertThat(schema("TicketChange").validate(written(change("ticket", kind))))
          .as("a change of kind %s", kind)
          .isEmpty();
    }
  }

  @Test
  void whatIsNoChangeOfTheTypeIsRefused() throws IOException {
    JsonSchema tickets = schema("TicketChange");
    assertThat(tickets.validate(written(change("user", ChangeKind.INSERT)))).isNotEmpty();
    JsonNode change = written(change("ticket", ChangeKind.INSERT));
    for (String field : Set.of("id", "kind", "version", "committed_at")) {
      JsonNode less = change.deepCopy();
      ((ObjectNode) less).remove(field);
      assertThat(tickets.validate(less))
          .as("without %s", field)
          .extracting(ValidationMessage::getProperty)
          .contains(field);
    }
  }

  private JsonSchema schema(String name) {
    JsonNode root =
        JSON.createObjectNode()
            .put("$schema", "http://json-schema.org/draft-07/schema#")
            .put("$ref", "#/components/schemas/" + name)
            .set("components", document.path("components"));
    return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(root);
  }

  private static JsonNode written(EntityChange change) throws IOException {
    return JSON.readTree(WireSerdes.entityChange().serializer().serialize("any", change));
  }

  private static EntityChange change(String type, ChangeKind kind) {
    var row = JSON.createObjectNode().put("id", Long.MAX_VALUE).put("title", "leak");
    boolean truncate = kind == ChangeKind.TRUNCATE;
    boolean gone = truncate || kind == ChangeKind.DELETE;
    return new EntityChange(
        type,
        truncate ? null : new EntityKey(type, "7"),
        kind,
        new Version(1, 0x16B3748L),
        755,
        0,
        Instant.parse("2026-03-01T12:00:00.5Z"),
        kind == ChangeKind.UPDATE ? row : null,
        gone ? null : row,
        kind == ChangeKind.UPDATE ? List.of("title") : List.of(),
        kind == ChangeKind.INSERT ? new Origin(null, "job-1") : null,
        kind == ChangeKind.READ);
  }
}
