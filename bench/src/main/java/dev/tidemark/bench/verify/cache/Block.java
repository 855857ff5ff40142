package dev.tidemark.bench.verify.cache;

import dev.tidemark.bench.verify.Session;
import dev.tidemark.bench.verify.cache.wire.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one thread alone writes, with all questions that can be asked of them: so it knows what
 * each answer is after each commit.
 */
final class Block {
  private final List<Asked> questions;
  private final Consumer<String> shownUndone;
  private State state;
  private @Nullable Doubt doubt;

  /** A commit of which nobody knows whether it happened. */
  private record Doubt(State after, List<Story.Chapter> chapters) {}

  /** Makes a change final. */
  interface Commit {
    void go() throws SQLException;
  }

  /**
   * A block without things.
   *
   * @param shownUndone told if readers were shown what never happened
   */
  Block(int number, List<Asked> questions, Consumer<String> shownUndone) {
    this.questions = List.copyOf(questions);
    this.shownUndone = shownUndone;
    this.state = new State(number);
    announce(state).forEach(chapter -> chapter.committed(System.nanoTime()));
  }

  List<Asked> questions() {
    return questions;
  }

  /** The rows as they are, to be changed by whoever is going to change them. */
  State begin() {
    return state.copy();
  }

  /** Commits; from then on readers have to be shown what it did. */
  void commit(State after, Commit commit) throws SQLException {
    List<Story.Chapter> chapters = announce(after);
    doubt = new Doubt(after, chapters);
    commit.go();
    happened(after, chapters);
  }

  private void happened(State after, List<Story.Chapter> chapters) {
    long now = System.nanoTime();
    chapters.forEach(chapter -> chapter.committed(now));
    state = after;
    doubt = null;
  }

  private List<Story.Chapter> announce(State after) {
    List<Story.Chapter> chapters = new ArrayList<>();
    for (Asked asked : questions) {
      Story.Chapter chapter = asked.story().append(Values.of(asked.body().apply(after)));
      if (chapter != null) {
        chapters.add(chapter);
      }
    }
    return chapters;
  }

  /** Finds out what became of a commit that did not return; whoever holds its locks is awaited. */
  void resolve(Session session) throws SQLException {
    Doubt open = doubt;
    if (open == null) {
      return;
    }
    State found = read(session);
    if (found.same(open.after())) {
      happened(open.after(), open.chapters());
    } else if (found.same(state)) {
      for (Story.Chapter chapter : open.chapters()) {
        if (chapter.undo()) {
          shownUndone.accept(
              "block %d was shown as %s, which was rolled back"
                  .formatted(state.block, open.after()));
        }
      }
      doubt = null;
    } else {
      throw new IllegalStateException(
          "block %d is %s, neither %s nor %s".formatted(state.block, found, state, open.after()));
    }
  }

  private State read(Session session) throws SQLException {
    State found = new State(state.block);
    session.begin();
    session.execute("set local lock_timeout = '5s'");
    session.execute("select 1 from verify.blocks where id = %d for update".formatted(state.block));
    session.rows(
        "select id %% 100, place, label, revision from verify.things where block = %d for update"
            .formatted(state.block),
        row -> {
          int thing = row.getInt(1);
          found.place[thing] = placeOf(row.getString(2));
          found.label[thing] = row.getInt(3);
          found.revision[thing] = row.getLong(4);
        });
    session.rows(
        "select number, revision from verify.labels where block = %d for update"
            .formatted(state.block),
        row -> found.labelRevision[row.getInt(1)] = row.getLong(2));
    if (state.block == 0) {
      session.execute("lock table verify.crumbs in exclusive mode");
      session.rows(
          "select id, revision from verify.crumbs",
          row -> found.crumb[row.getInt(1)] = row.getLong(2));
    }
    session.commit();
    return found;
  }

  private int placeOf(String name) {
    return (int)
        LongStream.range(0, State.PLACES)
            .filter(number -> Shop.place(state.block, (int) number).equals(name))
            .findFirst()
            .orElseThrow();
  }
}
