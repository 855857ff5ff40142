package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Refusal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Programs of other modules that the command line starts by name. They are not imported: they
 * import what is here.
 */
final class Program {
  private Program() {}

  static int run(
      String kind, Map<String, String> mains, @Nullable String name, List<String> arguments) {
    String known = String.join(", ", new TreeMap<>(mains).keySet());
    String main = name == null ? null : mains.get(name);
    if (main == null) {
      throw new Refusal("There is no " + kind + " of that name; there are: " + known + ".");
    }
    try {
      Method method = Class.forName(main).getMethod("main", String[].class);
      method.invoke(null, (Object) arguments.toArray(String[]::new));
      return 0;
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
      throw new Refusal("This build has no " + main + ", which " + name + " needs.", e);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new Refusal(name + " failed: " + e.getCause(), e);
    }
  }
}
