package dev.tidemark.pipeline.board;

/** The store of the board does not do its work; nothing that the board could mend. */
public final class BoardFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BoardFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
