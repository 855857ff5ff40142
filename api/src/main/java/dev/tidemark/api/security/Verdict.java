package dev.tidemark.api.security;

/** What is to be thought of a token. */
sealed interface Verdict {
  record Accepted(Caller caller) implements Verdict {}

  /**
   * Not accepted.
   *
   * @param reason for the owner of the token, in words that help no one else
   */
  record Refused(String reason) implements Verdict {}

  /** The keys cannot be had, so nothing can be said about the token. */
  record Undecided() implements Verdict {}
}
