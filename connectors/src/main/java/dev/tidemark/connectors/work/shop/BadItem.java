package dev.tidemark.connectors.work.shop;

/** What a platform sent is not what it should be. */
final class BadItem extends Exception {
  private static final long serialVersionUID = 1;

  BadItem(String message) {
    super(message);
  }
}
