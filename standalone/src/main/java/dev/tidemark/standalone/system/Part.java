package dev.tidemark.standalone.system;

/** Something that runs as part of the system. */
interface Part {
  String name();

  /** Starts it and returns when others may rely on it. */
  void start() throws Exception;

  /** Where it is or what it is doing, once it has started. */
  String where();

  /** Stops it; does nothing if it never started. */
  void close();
}
