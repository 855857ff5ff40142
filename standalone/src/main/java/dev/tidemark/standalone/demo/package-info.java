/**
 * Traffic for a newcomer to look at: people who book, write, inspect, buy and cancel, in the tables
 * of the reference catalog.
 *
 * <p>Speaks plain SQL to Postgres, as an application would, and knows nothing of Tidemark.
 */
@NullMarked
package dev.tidemark.standalone.demo;

import org.jspecify.annotations.NullMarked;
