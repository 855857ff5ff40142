package dev.tidemark.pipeline.resolution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.pipeline.resolution.core.Policy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The catalog's rules by entity type, each with a name that changes when the rules do. */
public final class Policies {
  private final Map<String, Policy> byType = new HashMap<>();
  private final Map<String, Set<String>> remembered = new HashMap<>();

  public Policies(Catalog catalog) {
    for (EntityType type : catalog.types()) {
      Policy policy = new Policy(version(type), type.key(), type.merge());
      byType.put(type.name(), policy);
      remembered.put(type.name(), policy.remembered());
    }
  }

  public @Nullable Policy of(String type) {
    return byType.get(type);
  }

  /** The fields of a type whose former values are kept. */
  public Set<String> remembered(String type) {
    return remembered.getOrDefault(type, Set.of());
  }

  private static String version(EntityType type) {
    String rules = type.key() + "|" + type.scopes() + "|" + new TreeMap<>(type.merge());
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(rules.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
