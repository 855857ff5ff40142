/**
 * Shows whether jobs are done at all: a job that touches nothing outside. May touch what a handler
 * knows of its job.
 */
@NullMarked
package dev.tidemark.connectors.work.probe;

import org.jspecify.annotations.NullMarked;
