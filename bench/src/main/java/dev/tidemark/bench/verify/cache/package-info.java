/**
 * Proves that an answer of the cache is never older than promised, while every part of the system
 * is killed and paused, and while commits are in the log that nobody sees yet.
 *
 * <p>{@code VerifyCache} is the program. Writers keep a {@code Story} of what each question's
 * answer was after each commit, to the byte; readers ask both nodes over HTTP as fast as these
 * answer, and each answer is looked up in its story. May use JDBC, sockets, a Redis client and the
 * embedded servers; of the system itself only its public doors.
 */
@NullMarked
package dev.tidemark.bench.verify.cache;

import org.jspecify.annotations.NullMarked;
