/**
 * Tells people: reminders, digests, offers, news of devices. Whoever carries a message is a {@link
 * dev.tidemark.connectors.work.notice.Courier}; here it goes into a table. May touch the database
 * and what a handler knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.notice;

import org.jspecify.annotations.NullMarked;
