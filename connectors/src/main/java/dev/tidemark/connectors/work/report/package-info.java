/**
 * Reports on the work in the field, as pages that can be printed. May touch the database and what a
 * handler knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.report;

import org.jspecify.annotations.NullMarked;
