package dev.tidemark.standalone.home;

/**
 * A system that runs.
 *
 * @param pid its process
 * @param ready whether it has said that it is ready
 * @param api where the api answers, as a URL
 * @param postgres the database, as libpq writes it, password included
 * @param kafka the bootstrap servers
 * @param redis as {@code redis://host:port}
 * @param catalog the catalog file
 * @param log the log file
 */
public record Running(
    long pid,
    boolean ready,
    String api,
    String postgres,
    String kafka,
    String redis,
    String catalog,
    String log) {}
