package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.YamlFields.Text;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads merge policies: {@code stock: counter}, {@code items: {policy: keyed_list, key: sku}}. */
final class MergeReader {
  private static final List<String> FIELDS = List.of("policy", "key");
  private static final List<String> POLICIES =
      Arrays.stream(MergePolicy.values()).map(MergePolicy::text).toList();
  private static final String A_POLICY = "a merge policy: one of " + String.join(", ", POLICIES);

  private MergeReader() {}

  static Map<String, FieldMerge> read(
      YamlFields yaml, Map<String, Field> fields, List<String> key) {
    Map<String, FieldMerge> merges = new LinkedHashMap<>();
    fields.forEach(
        (column, field) -> {
          if (key.contains(column)) {
            yaml.problemOfName(
                field, "a column outside the key, which never changes", "'" + column + "'");
          }
          read(yaml, field).ifPresent(merge -> merges.put(column, merge));
        });
    return merges;
  }

  private static Optional<FieldMerge> read(YamlFields yaml, Field field) {
    if (!(field.value() instanceof MappingNode)) {
      return policy(yaml, field).flatMap(policy -> withoutKey(yaml, field, policy));
    }
    Map<String, Field> parts = yaml.fields(field, A_POLICY, FIELDS);
    Field policyField = parts.get("policy");
    Field keyField = parts.get("key");
    if (policyField == null) {
      yaml.problem(field, "the field 'policy' with " + A_POLICY, "no such field");
      return Optional.empty();
    }
    Optional<MergePolicy> policy = policy(yaml, policyField);
    if (keyField == null) {
      return policy.flatMap(known -> withoutKey(yaml, field, known));
    }
    Optional<Text> key =
        yaml.text(keyField, "the name of a field of the list's elements", text -> !text.isBlank());
    if (policy.isPresent() && policy.get() != MergePolicy.KEYED_LIST) {
      yaml.problemOfName(
          keyField, "'key' with the policy keyed_list alone", "it with " + policy.get().text());
      return Optional.empty();
    }
    return policy.flatMap(known -> key.map(text -> new FieldMerge(known, text.value())));
  }

  private static Optional<FieldMerge> withoutKey(YamlFields yaml, Field field, MergePolicy policy) {
    if (policy == MergePolicy.KEYED_LIST) {
      yaml.problem(
          field,
          "{policy: keyed_list, key: FIELD}, the field that tells a list's elements apart",
          "keyed_list without a key");
      return Optional.empty();
    }
    return Optional.of(new FieldMerge(policy, null));
  }

  private static Optional<MergePolicy> policy(YamlFields yaml, Field field) {
    return yaml.text(field, A_POLICY)
        .flatMap(
            text -> {
              Optional<MergePolicy> policy = MergePolicy.of(text.value());
              if (policy.isEmpty()) {
                yaml.problem(field, A_POLICY, DidYouMean.hint(text.value(), POLICIES));
              }
              return policy;
            });
  }
}
