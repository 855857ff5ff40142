package dev.tidemark.bench.verify.cache.node;

import dev.tidemark.api.RunningApi;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** What a running api consists of, for those who break it or ask it without HTTP. */
final class Inside {
  private Inside() {}

  /** The parts of it that are called so, one within the other. */
  static Object of(RunningApi api, String... names) throws ReflectiveOperationException {
    Object part = api;
    for (String name : names) {
      Object next = field(part, name);
      if (next == null) {
        throw new IllegalStateException(part.getClass() + " has no " + name);
      }
      part = next;
    }
    return part;
  }

  static @Nullable Object field(Object of, String name) throws ReflectiveOperationException {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }
}
