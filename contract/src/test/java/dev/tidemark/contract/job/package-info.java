/** Tests of what is said of jobs. */
@NullMarked
package dev.tidemark.contract.job;

import org.jspecify.annotations.NullMarked;
