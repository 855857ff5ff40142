package dev.tidemark.bench.cache;

import dev.tidemark.bench.cache.Trace.Station;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;

/** Has Redis say when answers of items go: it tells who subscribes to what happens to its keys. */
final class RedisWatch implements AutoCloseable {
  static final String ENTRIES = "{tidemark}:e:item:";

  private static final String EVENTS = "notify-keyspace-events";
  private static final String CHANNEL = "__keyspace@0__:";
  private static final String GONE = "del";
  private static final int PATIENCE_SECONDS = 10;

  private final URI url;
  private final Jedis redis;
  private final Thread thread;
  private final JedisPubSub events;

  /** Watches from now on. */
  RedisWatch(URI url, Trace trace) throws InterruptedException {
    CountDownLatch subscribed = new CountDownLatch(1);
    this.url = url;
    this.redis = new Jedis(url);
    redis.configSet(EVENTS, "Kg");
    int prefix = CHANNEL.length() + ENTRIES.length();
    events =
        new JedisPubSub() {
          @Override
          public void onPSubscribe(String pattern, int channels) {
            subscribed.countDown();
          }

          @Override
          public void onPMessage(String pattern, String channel, String message) {
            if (message.equals(GONE)) {
              trace.seen(
                  Integer.parseInt(channel.substring(prefix)), Station.REDIS, System.nanoTime());
            }
          }
        };
    thread =
        Thread.ofPlatform()
            .name("watch-redis")
            .daemon()
            .start(() -> redis.psubscribe(events, CHANNEL + ENTRIES + "*"));
    if (!subscribed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Redis does not tell what happens to its keys");
    }
  }

  @Override
  public void close() {
    events.punsubscribe();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    redis.close();
    try (Jedis again = new Jedis(url)) {
      again.configSet(EVENTS, "");
    }
  }
}
