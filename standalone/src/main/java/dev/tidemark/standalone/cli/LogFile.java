package dev.tidemark.standalone.cli;

import dev.tidemark.standalone.home.Home;

/**
 * Where the log goes: to the data directory while the system runs, nowhere for the other commands.
 * Must be said before the first logger is made.
 */
final class LogFile {
  private LogFile() {}

  static void none() {
    System.setProperty("logback.configurationFile", "logback-quiet.xml");
  }

  static void of(Home home) {
    System.setProperty("logback.configurationFile", "logback-standalone.xml");
    System.setProperty("tidemark.log", home.log().toString());
  }
}
