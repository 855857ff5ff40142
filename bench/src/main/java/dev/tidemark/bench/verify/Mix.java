package dev.tidemark.bench.verify;

import java.util.List;

/** Things to choose among, some more often than others. */
public final class Mix<T> {
  private final List<Weighted<T>> all;

  /** One of them, and how often it comes. */
  public record Weighted<T>(int weight, T thing) {}

  public Mix(List<Weighted<T>> all) {
    this.all = List.copyOf(all);
  }

  public T pick(Session session) {
    return pick(all, session);
  }

  /** Any of them but the last. */
  public T pickNotLast(Session session) {
    return pick(all.subList(0, all.size() - 1), session);
  }

  private static <T> T pick(List<Weighted<T>> things, Session session) {
    int left = session.dice(things.stream().mapToInt(Weighted::weight).sum());
    for (Weighted<T> candidate : things) {
      left -= candidate.weight();
      if (left < 0) {
        return candidate.thing();
      }
    }
    throw new IllegalStateException("the weights add up to more than they are");
  }
}
