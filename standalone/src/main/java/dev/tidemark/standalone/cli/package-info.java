/**
 * The command line {@code ./tidemark}. A command asks the system that runs on a data directory, or
 * composes one; it decides nothing that another program could not ask for as well.
 *
 * <p>May touch picocli, {@code home}, {@code token}, {@code system}, and clients of Kafka, Postgres
 * and HTTP.
 */
@NullMarked
package dev.tidemark.standalone.cli;

import org.jspecify.annotations.NullMarked;
