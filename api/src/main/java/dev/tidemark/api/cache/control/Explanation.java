package dev.tidemark.api.cache.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.cache.Answer;
import dev.tidemark.api.cache.Question;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.contract.ChangeKind;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.catalog.view.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The story of one key: who keeps an answer, what it depends on, and what dropped it last. */
final class Explanation {
  private final ViewCache cache;
  private final Question question;
  private final Instant now;
  private final @Nullable Answer memory;
  private final @Nullable Answer redis;
  private final Optional<Invalidation> last;

  Explanation(ViewCache cache, Question question, Instant now) {
    this.cache = cache;
    this.question = question;
    this.now = now;
    memory = cache.memory().get(question.key());
    redis = cache.shared().peek(question.key()).orElse(null);
    Set<String> targets = new LinkedHashSet<>();
    targets.add(question.key());
    targets.addAll(cache.targets().groupsOf(question.view(), question.values()));
    if (memory != null) {
      targets.addAll(memory.dependencies());
    }
    if (redis != null) {
      targets.addAll(redis.dependencies());
    }
    last =
        targets.stream()
            .map(target -> cache.memory().lastOf(target))
            .flatMap(Optional::stream)
            .max(Comparator.comparing(Invalidation::committedAt));
  }

  ObjectNode json() {
    ObjectNode json = Replies.object();
    json.put("key", question.key());
    json.put("view", question.view().name());
    ObjectNode parameters = json.putObject("parameters");
    question.values().forEach(parameters::put);
    json.put("given_from_cache", cache.trusted(question.view()));
    json.put("obstacle", obstacle());
    ObjectNode tiers = json.putObject("tiers");
    tiers.set("memory", tier(memory));
    tiers.set("redis", tier(redis));
    json.set("dependencies", dependencies());
    json.set("last_invalidation", last.map(this::invalidation).orElse(null));
    ArrayNode story = json.putArray("story");
    story().forEach(story::add);
    return json;
  }

  private @Nullable String obstacle() {
    List<String> untold = cache.untold(question.view());
    if (!untold.isEmpty()) {
      return "capture does not follow " + String.join(", ", untold);
    }
    if (cache.freshness().isFresh()) {
      return null;
    }
    String why = cache.freshness().obstacle();
    return why.isEmpty() ? "the last proof is too old" : why;
  }

  private @Nullable ObjectNode tier(@Nullable Answer answer) {
    if (answer == null) {
      return null;
    }
    ObjectNode json = Replies.object();
    json.put("fetched_at", Instant.ofEpochMilli(answer.fetchedAtMillis()).toString());
    json.put("age_seconds", Math.max(0, (now.toEpochMilli() - answer.fetchedAtMillis()) / 1000));
    json.put("expires_at", Instant.ofEpochMilli(answer.expiresAtMillis()).toString());
    json.put("etag", answer.etag());
    json.put("bytes", answer.body().length);
    json.put("snapshot", answer.sight().text());
    return json;
  }

  private ObjectNode dependencies() {
    ObjectNode json = Replies.object();
    ArrayNode declared = json.putArray("declared");
    for (Dependency dependency : question.view().dependencies()) {
      ObjectNode one = declared.addObject();
      one.put("type", dependency.type());
      one.put(
          "by",
          dependency.rows().isEmpty()
              ? dependency.keys().isEmpty() ? "any change" : "keys"
              : "rows found");
      ArrayNode columns = one.putArray("columns");
      dependency.columns().forEach(columns::add);
    }
    List<String> groups = new ArrayList<>();
    List<String> found = new ArrayList<>();
    Answer held = memory == null ? redis : memory;
    List<String> all =
        held == null
            ? cache.targets().groupsOf(question.view(), question.values())
            : held.dependencies();
    all.forEach(target -> (target.indexOf('/') < 0 ? groups : found).add(target));
    ArrayNode named = json.putArray("groups");
    groups.forEach(named::add);
    ArrayNode entities = json.putArray("entities");
    found.forEach(entities::add);
    return json;
  }

  private ObjectNode invalidation(Invalidation invalidation) {
    ObjectNode json = Replies.object();
    json.put("target", invalidation.target());
    json.put("transaction", invalidation.transaction());
    Version version = invalidation.version();
    json.put("version", version == null ? null : version.toString());
    json.put("committed_at", invalidation.committedAt().toString());
    json.put("reason", invalidation.cause().reason().text());
    json.put("subject", invalidation.cause().subject());
    ChangeKind kind = invalidation.cause().kind();
    json.put("kind", kind == null ? null : kind.text());
    ArrayNode changed = json.putArray("changed");
    invalidation.cause().changed().forEach(changed::add);
    return json;
  }

  private List<String> story() {
    List<String> story = new ArrayList<>();
    last.ifPresent(invalidation -> story.add(inWords(invalidation)));
    story.add(kept("this node's memory", memory));
    story.add(
        cache.shared().status().trusted()
            ? kept("Redis", redis)
            : "Redis is not asked: " + cache.shared().status().detail() + ".");
    String obstacle = obstacle();
    story.add(
        obstacle == null
            ? "Every commit of up to "
                + seconds(cache.freshness().age().orElse(Duration.ZERO))
                + " ago is known to have been heard of."
            : "Postgres is asked each time: " + obstacle + ".");
    return story;
  }

  private String kept(String where, @Nullable Answer answer) {
    return answer == null
        ? "Not in " + where + "."
        : "In "
            + where
            + ", fetched "
            + seconds(Duration.ofMillis(now.toEpochMilli() - answer.fetchedAtMillis()))
            + " ago in the snapshot "
            + answer.sight().text()
            + ".";
  }

  private String inWords(Invalidation invalidation) {
    String what =
        switch (invalidation.cause().reason()) {
          case CHANGE -> {
            ChangeKind kind = invalidation.cause().kind();
            String columns = String.join(", ", invalidation.cause().changed());
            yield invalidation.cause().subject()
                + ": "
                + (kind == null ? "change" : kind.text())
                + (columns.isEmpty() ? "" : " of " + columns);
          }
          case LOST -> "a change of " + invalidation.cause().subject() + " that was put aside";
          case REQUEST -> "a request of " + invalidation.cause().subject();
        };
    return "Last made untrue at "
        + invalidation.committedAt()
        + " by transaction "
        + invalidation.transaction()
        + " ("
        + what
        + "), through "
        + invalidation.target()
        + ".";
  }

  private static String seconds(Duration duration) {
    return Replies.rounded(Math.max(0, duration.toMillis()) / 1000.0) + " s";
  }
}
