package dev.tidemark.servers;

/** A server with processes of its own, which a test of faults may therefore kill. */
public interface Killable {
  /** Kills every process of the server with SIGKILL and returns when they are gone. */
  void kill();
}
