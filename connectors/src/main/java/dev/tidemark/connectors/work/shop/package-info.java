/**
 * Keeps the shop's products, stock and orders in step with sales platforms. May touch HTTP, the
 * database and what a handler knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.shop;

import org.jspecify.annotations.NullMarked;
