package dev.tidemark.contract.catalog;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The merge policy of one field.
 *
 * @param elementKey the key of an array's elements; set only with {@link MergePolicy#KEYED_LIST}
 */
public record FieldMerge(MergePolicy policy, @Nullable String elementKey) {
  public FieldMerge {
    requireNonNull(policy, "policy is null");
    if ((elementKey != null) != (policy == MergePolicy.KEYED_LIST)) {
      throw new IllegalArgumentException("keyed_list, and nothing else, has an element key");
    }
  }
}
