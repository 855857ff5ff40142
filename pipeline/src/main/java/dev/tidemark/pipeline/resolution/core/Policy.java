package dev.tidemark.pipeline.resolution.core;

import dev.tidemark.contract.catalog.FieldMerge;
import dev.tidemark.contract.catalog.MergePolicy;
import java.util.List;
import java.util.Map;

/**
 * What the catalog says of an entity type's conflicts.
 *
 * @param version names these rules in explanations
 * @param key the columns of the key
 * @param merge the fields that have a policy
 */
public record Policy(String version, List<String> key, Map<String, FieldMerge> merge) {
  private static final FieldMerge LATEST = new FieldMerge(MergePolicy.LATEST, null);

  public Policy {
    key = List.copyOf(key);
    merge = Map.copyOf(merge);
  }

  boolean names(String field) {
    return merge.containsKey(field);
  }

  FieldMerge of(String field) {
    return merge.getOrDefault(field, LATEST);
  }
}
