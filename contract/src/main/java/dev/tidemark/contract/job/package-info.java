/** What is said of jobs: to the scheduler, to workers, and to whoever wants to know. */
@NullMarked
package dev.tidemark.contract.job;

import org.jspecify.annotations.NullMarked;
