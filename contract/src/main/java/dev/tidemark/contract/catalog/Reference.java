package dev.tidemark.contract.catalog;

/** A column of one entity type that names an entity of another: parents go before children. */
public record Reference(String column, String type) {}
