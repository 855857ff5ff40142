package dev.tidemark.pipeline.resolution;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Version;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.Strategy;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.pipeline.resolution.core.Decide;
import dev.tidemark.pipeline.resolution.core.Question;
import dev.tidemark.pipeline.resolution.core.Round;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices and others change the same counters, while the resolver hears of it late, its writes come
 * late, and answers say what they want. Nothing may be lost, done twice, or left waiting.
 */
class ResolverSimulationTest {
  private static final int SEEDS = 60;
  private static final int STEPS = 160;

  @TempDir private Path state;

  @Test
  void everythingAddsUpWhateverComesLate() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try (Run run = new Run(state.resolve(Long.toString(seed)), seed)) {
        run.play();
        run.check();
      }
    }
  }

  /** One history. */
  private static final class Run implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final ResolverFixture fixture;
    private final ModelDatabase database;
    private final List<EntityKey> entities =
        List.of(new EntityKey("visit", "1"), new EntityKey("visit", "2"));
    private final List<Phone> phones = List.of(new Phone("a"), new Phone("b"), new Phone("c"));
    private final Map<EntityKey, Long> expected = new LinkedHashMap<>();
    private final List<Submission> asked = new ArrayList<>();
    private final Deque<RowWrite> writes = new ArrayDeque<>();
    private int next;

    Run(Path directory, long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.fixture = new ResolverFixture(directory);
      this.database = new ModelDatabase(fixture.now());
      for (EntityKey key : entities) {
        database.commit(key, ResolverFixture.row(key, 0));
        expected.put(key, 0L);
      }
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> ask();
          case 3 -> somebodyElse();
          case 4, 5 -> tell();
          case 6, 7 -> write(true);
          case 8 -> fixture.letTimePass(1 + random.nextInt(200));
          default -> askAgain();
        }
        writes.addAll(fixture.writes());
        database.at(fixture.now());
      }
      for (int round = 0; round < 400 && !rests(); round++) {
        while (!database.log.isEmpty()) {
          tell();
        }
        writes.addAll(fixture.writes());
        while (!writes.isEmpty()) {
          write(false);
        }
        fixture.letTimePass(250);
        writes.addAll(fixture.writes());
        database.at(fixture.now());
      }
    }

    private boolean rests() {
      return database.log.isEmpty() && writes.isEmpty() && fixture.rests();
    }

    private void ask() {
      EntityKey key = entities.get(random.nextInt(entities.size()));
      Phone phone = phones.get(random.nextInt(phones.size()));
      Phone.View view = phone.view(key);
      long step = 1L + random.nextInt(3);
      view.visits += step;
      ObjectNode data = JsonNodeFactory.instance.objectNode().put("visits", view.visits);
      if (random.nextInt(4) == 0) {
        data.put("title", phone.name + next);
      }
      Submission submission =
          fixture.submission(
              "op-" + next++,
              phone.name,
              key,
              OperationKind.UPDATE,
              data,
              view.version,
              Strategy.MERGE,
              null);
      view.pending.add(submission.operation().id());
      expected.merge(key, step, Long::sum);
      asked.add(submission);
      fixture.ask(submission);
    }

    private void askAgain() {
      if (!asked.isEmpty()) {
        fixture.ask(asked.get(random.nextInt(asked.size())));
      }
    }

    private void somebodyElse() {
      EntityKey key = entities.get(random.nextInt(entities.size()));
      ObjectNode row = requireNonNull(database.rows.get(key)).deepCopy();
      long step = 10L * (1L + random.nextInt(3));
      row.put("visits", row.path("visits").longValue() + step);
      if (random.nextBoolean()) {
        row.put("title", "office" + next++);
      }
      expected.merge(key, step, Long::sum);
      database.commit(key, row);
    }

    private void tell() {
      Object told = database.log.poll();
      if (told == null) {
        return;
      }
      fixture.tell(told);
      if (told instanceof Outcome outcome) {
        for (Phone phone : phones) {
          if (phone.name.equals(outcome.device())) {
            phone.answered(outcome);
          }
        }
      }
    }

    private void write(boolean mayFail) {
      RowWrite write = writes.poll();
      if (write == null) {
        return;
      }
      write.entries().forEach(this::isDecidedAlikeAgain);
      int luck = mayFail ? random.nextInt(12) : 12;
      Optional<WriteAnswer> answer =
          switch (luck) {
            case 0 -> ModelDatabase.answer(write, WriteAnswer.Kind.LOCKED, List.of());
            case 1 -> ModelDatabase.answer(write, WriteAnswer.Kind.SPLIT, List.of());
            case 2 -> ModelDatabase.answer(write, WriteAnswer.Kind.PARENT_MISSING, List.of());
            default -> database.write(write);
          };
      answer.ifPresent(fixture::answer);
      if (luck == 3) {
        // Read twice, as after a crash between the commit and the offset.
        database.write(write).ifPresent(fixture::answer);
      }
    }

    /** Years later, out of the ledger alone. */
    private void isDecidedAlikeAgain(RowWrite.Entry entry) {
      Question question =
          DecisionJson.readQuestion(
              ResolverFixture.VISIT,
              requireNonNull(ResolverFixture.POLICIES.of("visit")),
              entry.submission(),
              entry.ruling().decision());
      assertThat(Decide.decide(question))
          .as("seed %s: %s", seed, entry)
          .isEqualTo(DecisionJson.readDecision(entry.ruling().decision()));
    }

    void check() {
      assertThat(rests())
          .as("seed %s: everything has come to rest, but %s", seed, fixture.onTheWay())
          .isTrue();
      assertThat(database.ledger.keySet())
          .as("seed %s: each operation is in the ledger", seed)
          .containsExactlyInAnyOrderElementsOf(
              asked.stream().map(submission -> submission.operation().id()).toList());
      assertThat(database.ledger.values())
          .as("seed %s: nobody is told of a version that no row ever had", seed)
          .allMatch(
              outcome ->
                  outcome.serverVersion() == null || !Round.isComing(outcome.serverVersion()));
      for (EntityKey key : entities) {
        assertThat(requireNonNull(database.rows.get(key)).path("visits").longValue())
            .as("seed %s: visits of %s; ledger: %s", seed, key, ledger(key))
            .isEqualTo(expected.get(key));
      }
      assertThat(fixture.deadLetters()).as("seed %s", seed).isEmpty();
    }

    private String ledger(EntityKey key) {
      StringBuilder text = new StringBuilder();
      for (Outcome outcome : database.ledger.values()) {
        if (outcome.key().equals(key)) {
          text.append(
              "\n%s of %s on %s: %s to %s, %s -> %s at %s"
                  .formatted(
                      outcome.operation(),
                      outcome.device(),
                      outcome.base(),
                      outcome.serverRow(),
                      outcome.data(),
                      outcome.result(),
                      outcome.row(),
                      outcome.version()));
        }
      }
      return text.toString();
    }

    @Override
    public void close() {
      fixture.close();
    }
  }

  /** A device that counts on what it knows. */
  private static final class Phone {
    private final String name;
    private final Map<EntityKey, View> views = new LinkedHashMap<>();

    Phone(String name) {
      this.name = name;
    }

    /** What it knows of one entity, with what it has done to it and not heard of. */
    private static final class View {
      private @Nullable Version version = new Version(1, 0);
      private long visits;
      private final Set<String> pending = new HashSet<>();
    }

    View view(EntityKey key) {
      return views.computeIfAbsent(
          key,
          _ -> {
            View view = new View();
            view.version = new Version(1, key.id().equals("1") ? 110 : 120);
            return view;
          });
    }

    void answered(Outcome outcome) {
      View view = view(outcome.key());
      view.pending.remove(outcome.operation());
      // A row may already show what is not answered yet, so it is taken over when nothing is open.
      if (outcome.row() != null && view.pending.isEmpty()) {
        view.version = outcome.version();
        view.visits = outcome.row().path("visits").longValue();
      }
    }
  }
}
