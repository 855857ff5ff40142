package dev.tidemark.bench.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.WireSerdes;
import java.util.Base64;
import java.util.HexFormat;

/**
 * How the values of a column are written by Postgres and in a change, and the one text that both
 * must come to. Written for the checker alone: it must not share a mistake with capture.
 */
enum Shape {
  INTEGER {
    @Override
    String fromPostgres(String text) {
      return text;
    }

    @Override
    String fromJson(JsonNode node) {
      return node.isIntegralNumber() ? node.asText() : misfit(node);
    }
  },
  TEXT {
    @Override
    String fromPostgres(String text) {
      return text;
    }

    @Override
    String fromJson(JsonNode node) {
      return node.isTextual() ? node.textValue() : misfit(node);
    }
  },
  BOOLEAN {
    @Override
    String fromPostgres(String text) {
      return text.equals("t") || text.equals("true") ? "true" : "false";
    }

    @Override
    String fromJson(JsonNode node) {
      return node.isBoolean() ? node.asText() : misfit(node);
    }
  },
  TIMESTAMP_WITH_ZONE {
    @Override
    String fromPostgres(String text) {
      return text.replace(' ', 'T').replace("+00", "Z");
    }

    @Override
    String fromJson(JsonNode node) {
      return TEXT.fromJson(node);
    }
  },
  BYTES {
    @Override
    String fromPostgres(String text) {
      return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text.substring(2)));
    }

    @Override
    String fromJson(JsonNode node) {
      return TEXT.fromJson(node);
    }
  },
  JSON {
    @Override
    String fromPostgres(String text) {
      try {
        return WireSerdes.exactJson().readTree(text).toString();
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("Postgres wrote JSON that is none: " + text, e);
      }
    }

    @Override
    String fromJson(JsonNode node) {
      return node.toString();
    }
  };

  /** The common text of what Postgres prints for a value. */
  abstract String fromPostgres(String text);

  /** The common text of what a change holds for a value. */
  abstract String fromJson(JsonNode node);

  private static String misfit(JsonNode node) {
    return "a JSON " + node.getNodeType() + " " + node;
  }
}
