package dev.tidemark.connectors.work.shop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tidemark.connectors.jobs.FinalError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of items.
 *
 * @param next names the page that follows, if one does
 * @param since what to ask from the next time, if the platform says so
 */
record Page(List<Item> items, Optional<String> next, Optional<String> since) {
  /** More than a page was asked to have: whatever sends that is no platform. */
  static final int MOST_ITEMS = 1_000;

  private static final int LONGEST_TOKEN = 2_000;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxNumberLength(100)
                          .maxStringLength(1_000_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  Page {
    items = List.copyOf(items);
  }

  static Page read(byte[] body) throws FinalError {
    JsonNode page;
    try {
      page = JSON.readTree(body);
    } catch (IOException e) {
      throw new FinalError("the platform's page is no JSON", e);
    }
    if (!(page.path("items") instanceof ArrayNode array)) {
      throw new FinalError("the platform's page has no list 'items'");
    }
    if (array.size() > MOST_ITEMS) {
      throw new FinalError(
          "the platform's page has %,d items, and may have %,d"
              .formatted(array.size(), MOST_ITEMS));
    }
    List<Item> items = new ArrayList<>(array.size());
    array.forEach(item -> items.add(new Item(item)));
    return new Page(items, token(page, "next"), token(page, "since"));
  }

  private static Optional<String> token(JsonNode page, String name) throws FinalError {
    JsonNode token = page.path(name);
    if (token.isMissingNode() || token.isNull()) {
      return Optional.empty();
    }
    if (!token.isTextual()
        || token.textValue().isEmpty()
        || token.textValue().length() > LONGEST_TOKEN
        || token.textValue().indexOf('\0') >= 0) {
      throw new FinalError("the platform's page has a '" + name + "' that is no short text");
    }
    return Optional.of(token.textValue());
  }
}
