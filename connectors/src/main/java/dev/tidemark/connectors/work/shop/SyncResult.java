package dev.tidemark.connectors.work.shop;

/**
 * What a job of this room came to.
 *
 * @param integration whose items were read
 * @param kind which of them
 * @param items how many were sent
 * @param changed how many rows of the shop were made or changed
 * @param aside how many were set aside
 * @param unchanged whether the platform said that nothing is new
 */
public record SyncResult(
    int integration, String kind, int items, int changed, int aside, boolean unchanged) {}
