/**
 * Reads what a job is given, and refuses with a sentence. Touches Jackson and the errors of jobs
 * only.
 */
@NullMarked
package dev.tidemark.connectors.work.given;

import org.jspecify.annotations.NullMarked;
