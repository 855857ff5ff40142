package dev.tidemark.bench.verify.cache;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to one question was, commit after commit. One thread writes it, who also makes
 * the commits; any may look something up.
 */
final class Story {
  /** Beyond, the older half is forgotten; an answer from there is found out all the same. */
  private static final int MOST = 8_192;

  private static final long NEVER = Long.MAX_VALUE;

  private volatile Chapters chapters = new Chapters(new Chapter[16], 0);
  private final LongConsumer forgotten;

  private record Chapters(Chapter[] all, int count) {}

  /**
   * What an answer was from one commit on.
   *
   * <p>{@code known} is when somebody knew of the commit, by the machine's clock: its writer, since
   * it returned, or a reader who was shown it.
   */
  static final class Chapter {
    private final long value;
    private volatile long known = NEVER;
    private volatile boolean undone;
    private volatile boolean shown;
    private volatile long missed;

    private Chapter(long value) {
      this.value = value;
    }

    private void know(long now) {
      if (now < known) {
        synchronized (this) {
          known = Math.min(known, now);
        }
      }
    }

    private void miss(long age) {
      if (age > missed) {
        synchronized (this) {
          missed = Math.max(missed, age);
        }
      }
    }

    /** The commit has returned. */
    void committed(long now) {
      know(now);
    }

    /**
     * It never happened.
     *
     * @return whether somebody was shown it all the same
     */
    boolean undo() {
      undone = true;
      return shown;
    }
  }

  /**
   * How an answer fared.
   *
   * @param found whether it is one that was ever true
   * @param age for how long the first commit that it lacks had been known when it was asked for; 0
   *     if it lacks none
   * @param behind how many commits it lacks that were known
   */
  record Finding(boolean found, long age, int behind) {}

  /**
   * An empty story.
   *
   * @param forgotten told of each commit, when it is forgotten, for how long it was not shown
   */
  Story(LongConsumer forgotten) {
    this.forgotten = forgotten;
  }

  /**
   * The answer will be this as soon as the commit that is about to be made is seen; null if that is
   * no change.
   */
  @Nullable Chapter append(long value) {
    Chapters now = chapters;
    for (int i = now.count() - 1; i >= 0; i--) {
      Chapter last = now.all()[i];
      if (!last.undone) {
        if (last.value == value) {
          return null;
        }
        break;
      }
    }
    Chapter next = new Chapter(value);
    chapters = now.count() < MOST ? with(now.all(), now.count(), next) : halved(now, next);
    return next;
  }

  private static Chapters with(Chapter[] all, int count, Chapter next) {
    Chapter[] room = count < all.length ? all : Arrays.copyOf(all, 2 * count);
    room[count] = next;
    return new Chapters(room, count + 1);
  }

  private Chapters halved(Chapters now, Chapter next) {
    int half = now.count() / 2;
    for (int i = 0; i < half; i++) {
      forget(now.all()[i]);
    }
    Chapter[] rest = Arrays.copyOfRange(now.all(), half, half + MOST);
    return with(rest, now.count() - half, next);
  }

  private void forget(Chapter chapter) {
    if (!chapter.undone && chapter.known != NEVER) {
      forgotten.accept(chapter.missed);
    }
  }

  /** Forgets everything; nobody writes any more. */
  void close() {
    Chapters now = chapters;
    for (int i = 0; i < now.count(); i++) {
      forget(now.all()[i]);
    }
    chapters = new Chapters(new Chapter[16], 0);
  }

  /** Looks an answer up that was asked for at one moment and had come by another. */
  Finding look(long value, long asked, long came) {
    Chapters now = chapters;
    int at = now.count() - 1;
    while (at >= 0 && (now.all()[at].value != value || now.all()[at].undone)) {
      at--;
    }
    if (at >= 0) {
      now.all()[at].shown = true;
      now.all()[at].know(came);
    }
    long age = 0;
    int behind = 0;
    for (int i = at + 1; i < now.count(); i++) {
      Chapter later = now.all()[i];
      long missed = asked - later.known;
      if (!later.undone && missed > 0) {
        later.miss(missed);
        age = Math.max(age, missed);
        behind++;
      }
    }
    return new Finding(at >= 0, age, behind);
  }
}
