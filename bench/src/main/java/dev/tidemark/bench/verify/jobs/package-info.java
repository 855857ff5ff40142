/**
 * Proves that no job is lost, ended twice or decided by a stale attempt, and that limits,
 * uniqueness and schedules hold, while every part of the system is killed and paused again and
 * again.
 *
 * <p>{@code VerifyJobs} is the program. Customers ask over HTTP; workers of the checker's own write
 * down in Postgres what they do; {@code Chronicle} keeps what the topics of jobs tell. {@code
 * Lives}, {@code Deeds}, {@code Limits}, {@code Twins} and {@code Calendar}, which are pure, hold
 * all of that against each other. May use JDBC, Kafka clients, HTTP, the embedded servers, and of
 * the system itself only its public doors and the contract.
 */
@NullMarked
package dev.tidemark.bench.verify.jobs;

import org.jspecify.annotations.NullMarked;
