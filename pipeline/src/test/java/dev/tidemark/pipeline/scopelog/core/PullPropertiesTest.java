package dev.tidemark.pipeline.scopelog.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens in the database, and whenever a device comes by: what it has then is what the
 * database has of its scopes. The failing seed is in the message.
 */
class PullPropertiesTest {
  private static final int WORLDS = 3_000;
  private static final int COMMITS = 60;

  @Test
  void aDeviceHasTheRowsOfItsScopes() {
    for (int seed = 0; seed < WORLDS; seed++) {
      try {
        live(seed, false);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void alsoWhenOldRemovalsAreForgotten() {
    for (int seed = 0; seed < WORLDS; seed++) {
      try {
        live(seed, true);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** A device goes on with its cursor wherever it likes, also at a node that has read less. */
  @Test
  void alsoWhenItGoesOnAtANodeThatIsBehind() {
    for (int seed = 0; seed < WORLDS; seed++) {
      try {
        liveWithTwo(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void readingTheTopicAgainChangesNothing() {
    for (int seed = 0; seed < WORLDS / 10; seed++) {
      Random random = new Random(seed);
      World world = new World(random);
      MemoryLog once = new MemoryLog();
      MemoryLog twice = new MemoryLog();
      long offset = 0;
      for (int i = 0; i < COMMITS; i++) {
        for (ScopedRecord record : world.commit()) {
          once.take(offset, record);
          twice.take(offset, record);
          if (random.nextInt(3) == 0) {
            twice.take(offset, record);
          }
          offset++;
        }
      }
      assertThat(twice.text()).as("seed " + seed).isEqualTo(once.text());
    }
  }

  private static void live(int seed, boolean forgets) {
    Random random = new Random(seed);
    World world = new World(random);
    MemoryLog log = new MemoryLog();
    List<ModelDevice> devices =
        List.of(new ModelDevice(random), new ModelDevice(random), new ModelDevice(random));
    long offset = random.nextInt(3);
    for (int i = 0; i < COMMITS; i++) {
      for (ScopedRecord record : world.commit()) {
        log.take(offset, record);
        offset += 1 + random.nextInt(2);
      }
      if (forgets && random.nextInt(20) == 0) {
        log.forget(Position.of(Math.max(0, log.view().end().offset() - random.nextInt(30))));
      }
      ModelDevice device = devices.get(random.nextInt(devices.size()));
      if (random.nextInt(15) == 0) {
        device.enter();
      }
      visit(random, world, log, device);
    }
    for (ModelDevice device : devices) {
      pullAll(log, device, 1 + random.nextInt(5));
      assertThat(device.rows()).isEqualTo(world.visible(device.scopes(), device.types()));
    }
  }

  private static void liveWithTwo(int seed) {
    Random random = new Random(seed);
    World world = new World(random);
    List<LaggingNode> nodes = List.of(new LaggingNode(), new LaggingNode());
    NavigableMap<Position, Map<String, World.Row>> history = new TreeMap<>();
    history.put(Position.START, Map.of());
    List<ModelDevice> devices = List.of(new ModelDevice(random), new ModelDevice(random));
    long offset = 0;
    for (int i = 0; i < COMMITS; i++) {
      List<ScopedRecord> records = world.commit();
      for (LaggingNode node : nodes) {
        node.add(offset, records);
      }
      offset += records.size();
      history.put(Position.of(offset), world.rows());
      nodes.forEach(node -> node.read(random.nextInt(3)));
      ModelDevice device = devices.get(random.nextInt(devices.size()));
      if (random.nextInt(15) == 0) {
        device.enter();
      }
      boolean more = true;
      for (int pages = random.nextInt(6); more && pages > 0; pages--) {
        try (LogView view = nodes.get(random.nextInt(nodes.size())).log.view()) {
          more = device.pull(view, 1 + random.nextInt(6));
          if (!more) {
            assertThat(device.rows())
                .as("at " + view.end())
                .isEqualTo(
                    World.visible(
                        requireNonNull(history.get(view.end())), device.scopes(), device.types()));
          }
        }
      }
    }
  }

  /** A node that has read a part of the topic, which always ends where a transaction does. */
  private static final class LaggingNode {
    private final MemoryLog log = new MemoryLog();
    private final Deque<List<Runnable>> unread = new ArrayDeque<>();

    void add(long offset, List<ScopedRecord> records) {
      List<Runnable> takes = new ArrayList<>();
      for (int i = 0; i < records.size(); i++) {
        long at = offset + i;
        ScopedRecord record = records.get(i);
        takes.add(() -> log.take(at, record));
      }
      if (!takes.isEmpty()) {
        unread.add(takes);
      }
    }

    void read(int most) {
      for (int i = 0; i < most && !unread.isEmpty(); i++) {
        unread.remove().forEach(Runnable::run);
      }
    }
  }

  private static void visit(Random random, World world, MemoryLog log, ModelDevice device) {
    int limit = 1 + random.nextInt(6);
    if (random.nextBoolean()) {
      try (LogView view = log.view()) {
        device.pull(view, limit);
      }
    } else if (random.nextBoolean()) {
      pullAll(log, device, limit);
      assertThat(device.rows()).isEqualTo(world.visible(device.scopes(), device.types()));
    }
  }

  private static void pullAll(MemoryLog log, ModelDevice device, int limit) {
    int pages = 0;
    boolean more = true;
    while (more) {
      try (LogView view = log.view()) {
        more = device.pull(view, limit);
      }
      pages++;
      assertThat(pages).as("pages").isLessThan(10_000);
    }
  }
}
