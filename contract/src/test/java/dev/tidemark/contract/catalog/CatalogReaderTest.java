package dev.tidemark.contract.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogReaderTest {
  private static final String COMPLETE =
      """
      version: 1
      entities:
        municipality:
          table: field.municipalities
          key: id
          scope: public
        stock:
          description: How many pieces of a product lie where.
          table: shop.stock
          key: [warehouse, sku]
          columns: [warehouse, sku, pieces, batches, labels, municipality_id]
          scope: ["municipality/{municipality_id}", "warehouse/{warehouse}/stock"]
          references:
            municipality_id: municipality
          merge:
            pieces: counter
            batches: {policy: keyed_list, key: number}
            labels: {policy: union}
      """;

  @Test
  void aCompleteCatalogIsReadInTheFilesOrder() {
    assertThat(CatalogReader.read("catalog.yml", COMPLETE))
        .isEqualTo(
            new CatalogReading.Valid(
                new Catalog(
                    List.of(
                        new EntityType(
                            "municipality",
                            "",
                            new TableName("field", "municipalities"),
                            List.of("id"),
                            List.of(),
                            List.of(new ScopeTemplate("public")),
                            List.of(),
                            Map.of()),
                        new EntityType(
                            "stock",
                            "How many pieces of a product lie where.",
                            new TableName("shop", "stock"),
                            List.of("warehouse", "sku"),
                            List.of(
                                "warehouse",
                                "sku",
                                "pieces",
                                "batches",
                                "labels",
                                "municipality_id"),
                            List.of(
                                new ScopeTemplate("municipality/{municipality_id}"),
                                new ScopeTemplate("warehouse/{warehouse}/stock")),
                            List.of(new Reference("municipality_id", "municipality")),
                            Map.of(
                                "pieces",
                                new FieldMerge(MergePolicy.COUNTER, null),
                                "batches",
                                new FieldMerge(MergePolicy.KEYED_LIST, "number"),
                                "labels",
                                new FieldMerge(MergePolicy.UNION, null)))))));
  }

  @Test
  void allProblemsAreReportedAtOnceAndFromTopToBottom() {
    assertThat(
            sentences(
                """
                version: 2
                entites: {}
                entities:
                  Ticket:
                    table: tickets
                    key: id
                    scop: public
                  message:
                    table: public.tickets
                    key: [id, id]
                    references:
                      ticket: tiket
                    merge:
                      id: latest
                      read: couter
                      items: keyed_list
                """))
        .containsExactly(
            "catalog.yml:1:10: version: expected 1, the only version there is, found the number 2",
            "catalog.yml:2:1: entites: expected one of the fields version, entities, views, queues, jobs, schedules, found 'entites' (did you mean 'entities'?)",
            "catalog.yml:4:3: entities.Ticket: expected a name of an entity type: a lower-case letter, then at most 62 of a-z, 0-9 and _, found 'Ticket'",
            "catalog.yml:7:5: entities.Ticket.scop: expected one of the fields description, table, key, columns, scope, references, merge, found 'scop' (did you mean 'scope'?)",
            "catalog.yml:9:12: entities.message.table: expected a table that no other type has, found public.tickets, which line 5 has",
            "catalog.yml:10:15: entities.message.key[1]: expected each once, found 'id' again",
            "catalog.yml:12:15: entities.message.references.ticket: expected an entity type of this file, found 'tiket' (did you mean 'Ticket'?)",
            "catalog.yml:14:7: entities.message.merge.id: expected a column outside the key, which never changes, found 'id'",
            "catalog.yml:15:13: entities.message.merge.read: expected a merge policy: one of latest, server, client, counter, max, min, union, keyed_list, found 'couter' (did you mean 'counter'?)",
            "catalog.yml:16:14: entities.message.merge.items: expected {policy: keyed_list, key: FIELD}, the field that tells a list's elements apart, found keyed_list without a key");
  }

  @Test
  void aTypeDeclaredTwiceIsFoundWithBothPlaces() {
    assertThat(
            sentences(
                """
                version: 1
                entities:
                  ticket: {table: a, key: id}
                  ticket: {table: b, key: id}
                """))
        .containsExactly(
            "catalog.yml:4:3: entities.ticket: expected each name once, found 'ticket' again, after line 3");
  }

  @Test
  void aTypeWithoutTableOrKeyIsRefused() {
    assertThat(
            sentences(
                """
                version: 1
                entities:
                  ticket: {description: No more than this.}
                  message:
                """))
        .containsExactly(
            "catalog.yml:3:3: entities.ticket: expected the field 'table', found a type without a table",
            "catalog.yml:3:3: entities.ticket: expected the field 'key', found a type without a key",
            "catalog.yml:4:11: entities.message: expected a mapping with 'table' and 'key', found nothing");
  }

  @Test
  void columnsThatTheTypeLeavesOutCannotBeUsed() {
    assertThat(
            sentences(
                """
                version: 1
                entities:
                  user: {table: users, key: id}
                  ticket:
                    table: tickets
                    key: number
                    columns: [id, subject]
                    scope: user/{user_id}
                    references: {subjet: user}
                    merge: {stock: counter}
                """))
        .containsExactly(
            "catalog.yml:6:10: entities.ticket.key: expected a column that 'columns' names, found 'number'",
            "catalog.yml:8:12: entities.ticket.scope: expected a column that 'columns' names, found 'user_id'",
            "catalog.yml:9:18: entities.ticket.references.subjet: expected a column that 'columns' names, found 'subjet' (did you mean 'subject'?)",
            "catalog.yml:10:13: entities.ticket.merge.stock: expected a column that 'columns' names, found 'stock'");
  }

  @Test
  void oneColumnCannotReferToAKeyOfTwo() {
    assertThat(sentences(COMPLETE.replace("key: id", "key: [id, valid_from]")))
        .containsExactly(
            "catalog.yml:14:24: entities.stock.references.municipality_id: expected an entity type with a key of one column, found 'municipality', whose key is (id, valid_from)");
  }

  @Test
  void aScopeBeginsWithAWordOfItsOwn() {
    for (String scope :
        List.of(
            "'{user_id}'",
            "user/",
            "/user",
            "user//{id}",
            "user/{}",
            "user/{a",
            "user/x{id}",
            "'user/{a b}'",
            "'us er'",
            "{user_id}",
            "[]",
            "''",
            "3",
            "true")) {
      assertThat(
              sentences(
                  "version: 1\nentities: {ticket: {table: t, key: id, scope: " + scope + "}}\n"))
          .as(scope)
          .isNotEmpty();
    }
  }

  @Test
  void whatIsNoTextIsNamedForWhatItIs() {
    assertThat(sentences("version: 1\nentities:\n  ticket: {table: 12, key: true}\n"))
        .containsExactly(
            "catalog.yml:3:19: entities.ticket.table: expected a table, as name or schema.name, found the number 12",
            "catalog.yml:3:28: entities.ticket.key: expected the name of a column, or a list of them, found the truth value true");
  }

  @Test
  void brokenYamlIsReportedWithItsPlace() {
    assertThat(sentences("version: 1\nentities:\n  ticket: {table: [\n"))
        .singleElement()
        .asString()
        .startsWith("catalog.yml:4:1: expected valid YAML, found ");
    assertThat(sentences("version: 1\n\tentities: 3"))
        .singleElement()
        .asString()
        .startsWith("catalog.yml:2:1: expected valid YAML");
  }

  @Test
  void whatIsNoCatalogAtAllIsRefused() {
    assertThat(sentences(""))
        .containsExactly(
            "catalog.yml: expected a mapping with 'version' and 'entities', found an empty file");
    assertThat(sentences("- a\n- b\n")).isNotEmpty();
    assertThat(sentences("hello")).isNotEmpty();
    assertThat(sentences("version: 1\n--- \nversion: 1\n"))
        .containsExactly("catalog.yml: expected one YAML document, found 2 of them");
    assertThat(sentences("version: 1\nentities: {}\n"))
        .containsExactly(
            "catalog.yml:2:11: entities: expected at least one entity type, found none");
    assertThat(sentences("? [a, b]\n: c\n")).isNotEmpty();
    assertThat(sentences("version: 1\nentities: {a: !!java.lang.Runtime {table: x, key: y}}"))
        .as("a tag makes no object")
        .isEmpty();
  }

  @Test
  void aliasesAreFollowedWithinLimits() {
    assertThat(
            sentences(
                """
                version: 1
                entities:
                  ticket: {table: tickets, key: id, scope: &own [public, "user/{user_id}"]}
                  message: {table: messages, key: id, scope: *own}
                """))
        .isEmpty();
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(sentences(bomb.toString()))
        .singleElement()
        .asString()
        .contains("expected YAML within limits");
    assertThat(sentences("version: 1\nentities: &e\n  a: *e\n")).isNotEmpty();
  }

  @Test
  void filesAreReadFromDisk(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("catalog.yml");
    Files.writeString(file, COMPLETE);
    assertThat(CatalogReader.read(file)).isInstanceOf(CatalogReading.Valid.class);

    assertThat(sentences(CatalogReader.read(directory.resolve("none.yml"))))
        .singleElement()
        .asString()
        .endsWith("none.yml: expected a catalog file, found no file of that name");
    assertThat(sentences(CatalogReader.read(directory))).hasSize(1);
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
    assertThat(sentences(CatalogReader.read(file)))
        .singleElement()
        .asString()
        .endsWith("expected text in UTF-8, found bytes that are none");
    Files.writeString(file, "# " + "x".repeat(CatalogReader.MAX_BYTES));
    assertThat(sentences(CatalogReader.read(file)))
        .singleElement()
        .asString()
        .contains("at most 1048576 bytes");
  }

  @Test
  void noTextMakesTheReaderThrow() {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "\0", "\uFEFFversion: 1", "%YAML 9.9\n---\na", "&a *a", "{", "}", "!", "|", ">"));
    for (int i = 0; i < COMPLETE.length(); i += 3) {
      texts.add(COMPLETE.substring(0, i));
      texts.add(COMPLETE.substring(0, i) + ": {[" + COMPLETE.substring(i));
      texts.add(COMPLETE.substring(0, i) + COMPLETE.substring(Math.min(i + 9, COMPLETE.length())));
    }
    for (String text : texts) {
      assertThat(CatalogReader.read("catalog.yml", text)).isNotNull();
    }
  }

  private static List<String> sentences(String yaml) {
    return sentences(CatalogReader.read("catalog.yml", yaml));
  }

  private static List<String> sentences(CatalogReading reading) {
    return switch (reading) {
      case CatalogReading.Valid _ -> List.of();
      case CatalogReading.Invalid invalid -> invalid.sentences();
    };
  }
}
