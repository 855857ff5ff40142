package dev.tidemark.api.assets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files that are served, by name and by address. What is not listed here is not served. */
public final class Assets {
  static final String PATH = "/assets";

  /** The files under {@code files} on the class path. */
  static final List<String> NAMES = List.of("page.css");

  private static final Map<String, Asset> BY_NAME = new LinkedHashMap<>();
  private static final Map<String, Asset> BY_ADDRESS = new LinkedHashMap<>();

  static {
    for (String name : NAMES) {
      Asset asset = Asset.of(name, read(name));
      BY_NAME.put(name, asset);
      BY_ADDRESS.put(asset.address(), asset);
    }
  }

  private Assets() {}

  /** Where a file is served, such as {@code /assets/page-0123456789ab.css}. */
  public static String address(String name) {
    Asset asset = BY_NAME.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("no asset is called " + name);
    }
    return asset.address();
  }

  /** What is served at an address. */
  static Optional<Asset> at(String address) {
    return Optional.ofNullable(BY_ADDRESS.get(address));
  }

  private static byte[] read(String name) {
    try (InputStream file = Assets.class.getResourceAsStream("files/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the class path holds no asset " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the asset " + name + " cannot be read", e);
    }
  }
}
