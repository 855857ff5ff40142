package dev.tidemark.connectors.work;

import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.notice.Courier;
import dev.tidemark.connectors.work.postgres.WorkDatabase;
import dev.tidemark.connectors.work.storage.Storage;
import dev.tidemark.contract.catalog.Catalog;
import java.time.InstantSource;

/**
 * What handlers can work with. All of it may be shared by threads.
 *
 * @param outside asks other hosts
 * @param courier carries messages to people
 */
public record Means(
    WorkDatabase database,
    Storage storage,
    Outside outside,
    Courier courier,
    Catalog catalog,
    InstantSource clock) {}
