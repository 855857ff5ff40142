package dev.tidemark.api.sync;

import dev.tidemark.contract.sync.SubmittedBatch.Invalid;
import java.util.List;

/**
 * The problems of a batch as they are written down. A batch of nothing but faults must not grow
 * into a record that the brokers refuse: then only the places within operations are left out.
 */
final class RecordedErrors {
  private static final int MOST_CHARACTERS = 256 << 10;

  private RecordedErrors() {}

  static List<Invalid> of(List<Invalid> errors) {
    long characters = errors.stream().mapToLong(error -> error.problem().toString().length()).sum();
    return characters <= MOST_CHARACTERS
        ? errors
        : errors.stream()
            .map(
                error ->
                    new Invalid(
                        error.index(), error.problem().deepCopy().without(List.of("errors"))))
            .toList();
  }
}
