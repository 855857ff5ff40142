package dev.tidemark.contract.catalog.view;

import java.util.List;
import java.util.Optional;

/**
 * Texts of an answer with variables in them, as {@code {{name}}}.
 *
 * @param texts the columns that are such texts
 * @param variant the column that says for whom a row is; a row without a value in it is for all who
 *     have none of their own
 */
public record Rendering(List<String> texts, Optional<String> variant) {
  public Rendering {
    texts = List.copyOf(texts);
  }
}
