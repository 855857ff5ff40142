/** The verification of jobs: its checks, and a short run. */
@NullMarked
package dev.tidemark.bench.verify.jobs;

import org.jspecify.annotations.NullMarked;
