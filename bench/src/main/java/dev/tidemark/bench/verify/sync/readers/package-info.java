/**
 * Devices that read while everything is killed: some ask for what has happened, some listen.
 *
 * <p>Each keeps a copy of the rows that it may see, and notes at once what it must not be told
 * ({@code Copy}); the copies are held against the tables when nobody writes ({@code Readers}).
 * Knows only the api's public doors, and of the rows what {@code Ground} says.
 */
@NullMarked
package dev.tidemark.bench.verify.sync.readers;

import org.jspecify.annotations.NullMarked;
