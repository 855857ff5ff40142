package dev.tidemark.servers;

import java.time.Duration;

/** A server with processes of its own, which a test of faults may therefore kill. */
public interface Killable {
  /** Kills every process of the server with SIGKILL and returns when they are gone. */
  void kill();

  /** Stops every process of the server where it is, with SIGSTOP. */
  void freeze();

  /** Lets a frozen server go on. */
  void thaw();

  /** How long the server's living processes have kept processors busy; zero if it is down. */
  Duration busy();
}
