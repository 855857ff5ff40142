package dev.tidemark.bench.verify.jobs;

import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.job.JobCatalog;

/** The queues and types of jobs of the run, and the tables where jobs write what they do. */
final class Errands {
  /** A minute's schedules, by what they do about what was missed. */
  static final String CATALOG =
      """
      version: 1
      entities:
        unused: {table: public.unused, key: id, scope: "all/{id}"}
      queues:
        wide: {description: Nothing holds its jobs., concurrency: 64, weight: 2}
        narrow: {description: Few at a time., concurrency: 3}
        held: {description: Is paused now and then., concurrency: 20}
        paced: {description: Few in a time., concurrency: 40, rate: 30/2s}
      jobs:
        quick: {queue: wide, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        held: {queue: held, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        narrow: {queue: narrow, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        keyed: {queue: wide, per_key: 2, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        sole: {queue: wide, unique: true, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        once: {queue: wide, unique: {within: 2s}, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        paced: {queue: paced, rate: 8/1s, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        frail: {queue: wide, attempts: 3, hard: 2m, soft: 1m, backoff: {first: 20ms, longest: 100ms}}
        steps: {queue: wide, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
        deaf: {queue: wide, soft: 1s, hard: 2s, attempts: 2, backoff: {first: 20ms, longest: 200ms}}
        minute: {queue: wide, hard: 2m, soft: 1m, attempts: 8, backoff: {first: 20ms, longest: 200ms}}
      schedules:
        all_missed: {job: minute, cron: "* * * * *", missed: all}
        one_missed: {job: minute, cron: "* * * * *", missed: once}
        none_missed: {job: minute, cron: "* * * * *", missed: skip}
      """;

  static final String DDL =
      """
      create schema verify;
      create table verify.effects (
        run text primary key, job text not null, attempt int not null, worker text not null,
        begun_at timestamptz not null default clock_timestamp(), ended_at timestamptz);
      create table verify.done (
        job text primary key, attempt int not null, worker text not null);
      """;

  private Errands() {}

  static JobCatalog jobs() {
    return switch (CatalogReader.read("catalog.yml", CATALOG)) {
      case CatalogReading.Valid valid -> valid.catalog().jobs();
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("\n", invalid.sentences()));
    };
  }
}
