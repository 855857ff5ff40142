package dev.tidemark.api.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemException;
import dev.tidemark.api.problem.ProblemResponses;
import dev.tidemark.api.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Reads a body as one JSON object, with every digit of its numbers, of bounded depth. */
@Singleton
public final class RequestJson {
  private static final int LONGEST_NUMBER = 1_000;

  private final ObjectMapper mapper;

  RequestJson(HttpSettings http) {
    mapper =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(http.jsonDepth())
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(http.bodyLimit())
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  public ObjectNode object(byte[] body) {
    JsonNode json;
    try {
      json = mapper.readTree(UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      throw new ProblemException(
          Problem.of(ProblemType.MALFORMED_JSON, "The body is not valid UTF-8."));
    } catch (JsonProcessingException e) {
      throw new ProblemException(ProblemResponses.malformed(e));
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new ProblemException(
        Problem.of(ProblemType.MALFORMED_JSON, "The body is not a JSON object."));
  }
}
