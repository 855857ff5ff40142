/** Tests of the ledger against a real Postgres. */
@NullMarked
package dev.tidemark.api.sync.ledger;

import org.jspecify.annotations.NullMarked;
