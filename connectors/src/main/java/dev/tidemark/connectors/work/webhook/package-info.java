/**
 * Calls from and to other programs. May touch HTTP, the database and what a handler knows of its
 * job.
 */
@NullMarked
package dev.tidemark.connectors.work.webhook;

import org.jspecify.annotations.NullMarked;
