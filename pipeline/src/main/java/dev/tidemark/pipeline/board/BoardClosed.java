package dev.tidemark.pipeline.board;

/** The board was closed: the node is stopping. */
public final class BoardClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BoardClosed() {
    super("the board of jobs is closed");
  }
}
