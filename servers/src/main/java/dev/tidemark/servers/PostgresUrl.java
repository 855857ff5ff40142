package dev.tidemark.servers;

/** Where a database is and who may enter, as libpq and as JDBC write it. */
public record PostgresUrl(String host, int port, String database, String user, String password) {
  public PostgresUrl withDatabase(String other) {
    return new PostgresUrl(host, port, other, user, password);
  }

  /** As libpq reads it: {@code postgresql://user:password@host:port/database}. */
  public String libpq() {
    return "postgresql://" + user + ":" + password + "@" + host + ":" + port + "/" + database;
  }

  /** As JDBC reads it; user and password are apart. */
  public String jdbc() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
