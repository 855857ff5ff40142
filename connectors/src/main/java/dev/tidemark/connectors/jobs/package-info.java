/**
 * Does jobs: takes work orders, runs handlers, says what came of them. Decides nothing about jobs;
 * the scheduler does. Handlers of each kind live in rooms of their own and know only {@link
 * dev.tidemark.connectors.jobs.JobHandler} and {@link dev.tidemark.connectors.jobs.JobContext}.
 */
@NullMarked
package dev.tidemark.connectors.jobs;

import org.jspecify.annotations.NullMarked;
