package dev.tidemark.servers;

import java.util.List;

/** All three, embedded, on temporary data. */
record EmbeddedServers(EmbeddedPostgres18 postgres, EmbeddedKafka broker, EmbeddedRedis redis)
    implements Servers {
  static EmbeddedServers start() {
    EmbeddedServers servers =
        new EmbeddedServers(
            new EmbeddedPostgres18(ServerConfig.temporary()),
            new EmbeddedKafka(ServerConfig.temporary()),
            new EmbeddedRedis(ServerConfig.temporary()));
    try {
      Together.run(List.of(servers.postgres::start, servers.broker::start, servers.redis::start));
      return servers;
    } catch (RuntimeException e) {
      servers.close();
      throw e;
    }
  }

  @Override
  public String postgresUrl() {
    return postgres.url().libpq();
  }

  @Override
  public String kafka() {
    return broker.bootstrapServers();
  }

  @Override
  public String redisUrl() {
    return redis.url();
  }

  @Override
  public void close() {
    Together.run(List.of(postgres::close, broker::close, redis::close));
  }
}
