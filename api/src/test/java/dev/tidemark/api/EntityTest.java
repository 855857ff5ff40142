package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.entities.Locate;
import dev.tidemark.api.entities.NodeAddress;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntityTest {
  private static final String ROW =
      """
      {"id":1,"municipality_id":3,"name":"Łódź","amount":12345678901234567890.12300,"open":null}""";
  private static final String OPERATOR = Tokens.of("operator");

  @Test
  void anEntityIsAnsweredWithItsExactValuesAndItsVersionAsETag() {
    try (ApiUnderTest api = api(new FakeEntities().live("activity", "1", ROW))) {
      HttpResponse<String> response = api.get("/api/entities/activity/1", OPERATOR);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .isEqualTo(
              """
              {"type":"activity","id":"1","version":"0001-00000000016B3748","fields":%s,\
              "committed_at":"2026-01-02T03:04:05.678901Z"}"""
                  .formatted(ROW));
      assertThat(response.headers().firstValue("ETag")).contains("\"0001-00000000016B3748\"");
      assertThat(response.headers().firstValue("Cache-Control")).contains("private, no-cache");
      assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
      Problems.assertEveryAnswersHeaders(response);
    }
  }

  @Test
  void metaIsAddedOnRequestAndHasATagOfItsOwn() {
    try (ApiUnderTest api = api(new FakeEntities().live("activity", "1", ROW))) {
      HttpResponse<String> response = api.get("/api/entities/activity/1?include=meta", OPERATOR);
      JsonNode json = ApiUnderTest.json(response);
      assertThat(json.path("field_versions").path("name").asText())
          .isEqualTo("0001-00000000016B3748");
      assertThat(json.path("origin").path("device").asText()).isEqualTo("tablet-1");
      assertThat(response.headers().firstValue("ETag")).contains("\"0001-00000000016B3748+meta\"");
      assertThat(ifNoneMatch(api, "\"0001-00000000016B3748+meta\"").statusCode()).isEqualTo(200);
      Problems.assertProblem(
          api.get("/api/entities/activity/1?include=everything", OPERATOR),
          400,
          "invalid-parameter");
    }
  }

  @Test
  void whoHasTheLatestStateGets304() {
    try (ApiUnderTest api = api(new FakeEntities().live("activity", "1", ROW))) {
      for (String known :
          List.of(
              "\"0001-00000000016B3748\"",
              "W/\"0001-00000000016B3748\"",
              "\"a\", \"0001-00000000016B3748\"",
              "*")) {
        HttpResponse<String> response = ifNoneMatch(api, known);
        assertThat(response.statusCode()).as(known).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("ETag")).contains("\"0001-00000000016B3748\"");
        assertThat(response.headers().firstValue("Cache-Control")).contains("private, no-cache");
      }
      assertThat(ifNoneMatch(api, "\"0001-0000000000000001\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aDeviceSeesRowsWithinItsScopesAndNoOther() {
    FakeEntities entities =
        new FakeEntities().live("activity", "1", ROW).live("secret", "1", "{\"id\":1}");
    try (ApiUnderTest api = api(entities)) {
      String path = "/api/entities/activity/1";
      assertThat(api.get(path, Tokens.of("device", "x", "municipality/3")).statusCode())
          .isEqualTo(200);
      for (String scope :
          List.of("municipality/4", "municipality/33", "municipality", "municipality/*", "*", "")) {
        assertThat(api.get(path, Tokens.of("device", scope)).statusCode()).as(scope).isEqualTo(404);
      }
      assertThat(api.get("/api/entities/secret/1", Tokens.of("device", "public")).statusCode())
          .as("a type without scopes is for no device")
          .isEqualTo(404);
      for (String role : List.of("operator", "analyst", "admin")) {
        assertThat(api.get(path, Tokens.of(role)).statusCode()).as(role).isEqualTo(200);
      }
      Problems.assertProblem(api.get(path, Tokens.of("stranger")), 403, "forbidden");
    }
  }

  @Test
  void aForeignAMissingAndADeletedEntityAreToldAlike() {
    FakeEntities entities =
        new FakeEntities()
            .live("activity", "1", ROW)
            .deleted("activity", "2", "{\"id\":2,\"municipality_id\":9}");
    String device = Tokens.of("device", "municipality/9");
    try (ApiUnderTest api = api(entities)) {
      List<String> told =
          List.of("1", "2", "3").stream()
              .map(id -> api.get("/api/entities/activity/" + id, device))
              .map(response -> shape(response))
              .toList();
      assertThat(told).containsOnly(told.getFirst());
      assertThat(told.getFirst()).startsWith("404").contains("/problems/unknown-entity");
      entities.behind();
      for (String id : List.of("1", "2", "3")) {
        assertThat(api.get("/api/entities/activity/" + id, device).statusCode())
            .as("also while absence is uncertain")
            .isEqualTo(503);
      }
    }
  }

  @Test
  void withTheETagOfAForeignRowNothingIsToldEither() {
    try (ApiUnderTest api = api(new FakeEntities().live("activity", "1", ROW))) {
      HttpResponse<String> response =
          api.send(
              "/api/entities/activity/1",
              request ->
                  request
                      .header("If-None-Match", "*")
                      .header("Authorization", "Bearer " + Tokens.of("device", "municipality/9")));
      assertThat(response.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void anAbsenceThatIsNotCertainIs503() {
    FakeEntities entities = new FakeEntities();
    entities.behind();
    try (ApiUnderTest api = api(entities)) {
      HttpResponse<String> response = api.get("/api/entities/activity/1", OPERATOR);
      Problems.assertProblem(response, 503, "unavailable");
      assertThat(response.headers().firstValue("Retry-After")).contains("1");
    }
  }

  @Test
  void aStoreThatCannotSayIs503() {
    FakeEntities entities = new FakeEntities().live("activity", "1", ROW);
    entities.unavailable("the store of the entity is being restored or moved");
    try (ApiUnderTest api = api(entities)) {
      Problems.assertProblem(api.get("/api/entities/activity/1", OPERATOR), 503, "unavailable");
      entities.at(new Locate.Unavailable("no node owns the entity right now"));
      Problems.assertProblem(api.get("/api/entities/activity/1", OPERATOR), 503, "unavailable");
    }
  }

  @Test
  void anOwnerThatIsDeadOrPointsBackIs503AndAnAnswerOfTheOwnerIsPassedOn() {
    FakeEntities here = new FakeEntities();
    FakeEntities there = new FakeEntities().live("activity", "a b", ROW);
    try (ApiUnderTest owner = api(there);
        ApiUnderTest api = api(here)) {
      here.at(new Locate.Remote(new NodeAddress("127.0.0.1", owner.port())));
      String path = "/api/entities/activity/a%20b";
      HttpResponse<String> relayed = api.get(path, OPERATOR);
      HttpResponse<String> direct = owner.get(path, OPERATOR);
      assertThat(relayed.statusCode()).isEqualTo(200);
      assertThat(relayed.body()).isEqualTo(direct.body());
      assertThat(relayed.headers().firstValue("ETag"))
          .isEqualTo(direct.headers().firstValue("ETag"));
      assertThat(api.get(path, Tokens.of("device", "municipality/9")).statusCode()).isEqualTo(404);
      there.behind();
      assertThat(api.get("/api/entities/activity/none", OPERATOR).statusCode()).isEqualTo(503);

      there.at(new Locate.Remote(new NodeAddress("127.0.0.1", api.port())));
      Problems.assertProblem(api.get(path, OPERATOR), 503, "unavailable");
      here.at(new Locate.Remote(new NodeAddress("127.0.0.1", 1)));
      Problems.assertProblem(api.get(path, OPERATOR), 503, "unavailable");
    }
  }

  @Test
  void anUnknownTypeIsTold() {
    try (ApiUnderTest api = api(new FakeEntities())) {
      for (String type : List.of("nonsense", "Activity", "activit%D1%83", "..", "a%00")) {
        HttpResponse<String> response = api.get("/api/entities/" + type + "/1", OPERATOR);
        assertThat(response.statusCode()).as(type).isEqualTo(404);
      }
      Problems.assertProblem(
          api.get("/api/entities/nonsense/1", OPERATOR), 404, "unknown-entity-type");
    }
  }

  @Test
  void idsAreThoseOfTheTopicsEncodedOnce() {
    FakeEntities entities =
        new FakeEntities()
            .live("activity", "a,b", ROW)
            .live("activity", "a%2Cb", ROW)
            .live("activity", "a%2Fb", ROW)
            .live("activity", "100%25", ROW)
            .live("activity", "żółw 🐢", ROW);
    try (ApiUnderTest api = api(entities)) {
      for (String id :
          List.of(
              "a,b",
              "a%2Cb",
              "a%252Cb",
              "a%252Fb",
              "a%2Fb",
              "100%2525",
              "%C5%BC%C3%B3%C5%82w%20%F0%9F%90%A2")) {
        assertThat(api.get("/api/entities/activity/" + id, OPERATOR).statusCode())
            .as(id)
            .isEqualTo(200);
      }
    }
  }

  @Test
  void anIdThatCanNotBeIs400() {
    try (ApiUnderTest api = api(new FakeEntities())) {
      for (String id : List.of("100%25", "a%0D%0Ab", "a%00", "x".repeat(513), "%2541", "%7F")) {
        Problems.assertProblem(
            api.get("/api/entities/activity/" + id, OPERATOR), 400, "invalid-parameter");
      }
    }
  }

  private static String shape(HttpResponse<String> response) {
    com.fasterxml.jackson.databind.node.ObjectNode body =
        (com.fasterxml.jackson.databind.node.ObjectNode) ApiUnderTest.json(response);
    body.remove(List.of("requestId", "instance"));
    return response.statusCode() + " " + response.headers().map().keySet() + " " + body;
  }

  private static HttpResponse<String> ifNoneMatch(ApiUnderTest api, String etags) {
    return api.send(
        "/api/entities/activity/1",
        request ->
            request.header("If-None-Match", etags).header("Authorization", "Bearer " + OPERATOR));
  }

  private static ApiUnderTest api(FakeEntities entities) {
    return ApiUnderTest.start(ApiUnderTest.settings(), entities, List.of(), List.of());
  }
}
