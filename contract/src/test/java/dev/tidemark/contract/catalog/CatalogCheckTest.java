package dev.tidemark.contract.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.CatalogFinding.Severity;
import dev.tidemark.contract.catalog.TableShape.Column;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogCheckTest {
  private static final TableName USERS = TableName.parse("users");
  private static final TableName TICKETS = TableName.parse("desk.tickets");
  private static final TableShape USERS_SHAPE =
      new TableShape(List.of(new Column("id", "uuid", false)), List.of("id"));
  private static final TableShape TICKETS_SHAPE =
      new TableShape(
          List.of(
              new Column("id", "bigint", false),
              new Column("user_id", "uuid", false),
              new Column("subject", "character varying(200)", false),
              new Column("votes", "integer", false),
              new Column("price", "numeric(12,2)", true),
              new Column("labels", "text[]", false),
              new Column("extra", "jsonb", true),
              new Column("seen", "timestamp(3) with time zone", true)),
          List.of("id"));

  @Test
  void aCatalogThatFitsHasNoFindings() {
    assertThat(
            check(
                """
                key: id
                columns: [id, user_id, subject, votes, price, labels, extra, seen]
                scope: user/{user_id}
                references: {user_id: user}
                merge:
                  votes: counter
                  price: max
                  labels: union
                  extra: {policy: keyed_list, key: sku}
                  seen: max
                  subject: server
                """,
                Map.of(USERS, USERS_SHAPE, TICKETS, TICKETS_SHAPE)))
        .isEmpty();
  }

  @Test
  void everyColumnThatIsAbsentIsNamedWithTheReason() {
    assertThat(
            check(
                """
                key: idd
                scope: user/{owner}
                references: {users_id: user}
                merge: {vote: counter}
                """,
                Map.of(USERS, USERS_SHAPE, TICKETS, TICKETS_SHAPE)))
        .extracting(CatalogFinding::sentence)
        .containsExactly(
            "the table desk.tickets has no column 'idd' (did you mean 'id'?), but it is part of the key",
            "the table desk.tickets has no column 'owner', but the scope user/{owner} needs it",
            "the table desk.tickets has no column 'users_id' (did you mean 'user_id'?), but it refers to user",
            "the table desk.tickets has no column 'vote' (did you mean 'votes'?), but it has the merge policy counter");
  }

  @Test
  void anAbsentTableIsAnError() {
    assertThat(
            check(
                "key: id",
                Map.of(USERS, USERS_SHAPE, TableName.parse("desk.ticket"), TICKETS_SHAPE)))
        .containsExactly(
            new CatalogFinding(
                Severity.ERROR,
                "ticket",
                "there is no table 'desk.tickets' (did you mean 'desk.ticket'?); create it, or remove the type from the catalog"));
  }

  @Test
  void aKeyThatNothingKeepsUniqueIsAWarning() {
    assertThat(check("key: subject", Map.of(USERS, USERS_SHAPE, TICKETS, TICKETS_SHAPE)))
        .containsExactly(
            new CatalogFinding(
                Severity.WARNING,
                "ticket",
                "nothing in desk.tickets keeps (subject) unique, so two rows could be one entity; add a primary key or a unique constraint"));
    TableShape withUnique =
        new TableShape(
            TICKETS_SHAPE.columns(), TICKETS_SHAPE.primaryKey(), List.of(List.of("subject")));
    assertThat(check("key: subject", Map.of(USERS, USERS_SHAPE, TICKETS, withUnique))).isEmpty();
  }

  @Test
  void aKeyThatMayBeNullIsAnError() {
    TableShape withUnique =
        new TableShape(TICKETS_SHAPE.columns(), List.of("id"), List.of(List.of("price")));
    assertThat(check("key: price", Map.of(USERS, USERS_SHAPE, TICKETS, withUnique)))
        .extracting(CatalogFinding::severity)
        .containsExactly(Severity.ERROR);
  }

  @Test
  void aMergePolicyMustSuitTheColumnsType() {
    assertThat(
            check(
                """
                key: id
                references: {subject: user}
                merge:
                  subject: counter
                  extra: max
                  votes: union
                  labels: {policy: keyed_list, key: sku}
                """,
                Map.of(USERS, USERS_SHAPE, TICKETS, TICKETS_SHAPE)))
        .extracting(CatalogFinding::sentence)
        .containsExactly(
            "the column subject is of type character varying(200) and refers to user, whose key is of type uuid",
            "the merge policy counter needs a column that is a number, and subject is of type character varying(200)",
            "the merge policy max needs a column that is a number, a date, a time or text, and extra is of type jsonb",
            "the merge policy union needs a column that is an array or of type json, jsonb, and votes is of type integer",
            "the merge policy keyed_list needs a column that is of type json, jsonb, and labels is of type text[]");
  }

  @Test
  void columnsThatAViewNamesExistAndHaveTheTypeOfTheirParameter() {
    TableShape tickets =
        new TableShape(
            List.of(
                new Column("id", "bigint", false),
                new Column("user_id", "uuid", false),
                new Column("subject", "character varying(200)", false),
                new Column("state", "desk.state", false, Column.ENUM),
                new Column("mail", "desk.mail", false, "text"),
                new Column("tag", "citext", false),
                new Column("code", "character(3)", false),
                new Column("price", "numeric(12,2)", true),
                new Column("day", "timestamp with time zone", true)),
            List.of("id"));
    String view =
        """
        views:
          list:
            key: list:{a}
            parameters: {a: %s}
            query: select 1 where :a = :a
            depends: {ticket: {keys: {a: %s}}}
        """;
    Map<TableName, TableShape> tables = Map.of(USERS, USERS_SHAPE, TICKETS, tickets);
    for (String[] fits :
        List.of(
            new String[] {"uuid", "user_id"},
            new String[] {"integer", "id"},
            new String[] {"bigint", "id"},
            new String[] {"text", "subject"},
            new String[] {"text", "state"},
            new String[] {"text", "mail"})) {
      assertThat(check("key: id", view.formatted((Object[]) fits), tables))
          .as(String.join(" ", fits))
          .isEmpty();
    }
    for (String[] differs :
        List.of(
            new String[] {"text", "user_id"},
            new String[] {"text", "tag"},
            new String[] {"text", "code"},
            new String[] {"bigint", "price"},
            new String[] {"date", "day"},
            new String[] {"uuid", "subject"})) {
      assertThat(check("key: id", view.formatted((Object[]) differs), tables))
          .as(String.join(" ", differs))
          .singleElement()
          .asString()
          .startsWith(
              "view list: the parameter a is of type %s and the column %s of desk.tickets of type"
                  .formatted((Object[]) differs));
    }
    assertThat(
            check(
                "key: id",
                view.formatted("uuid", "usr_id")
                    .replace("usr_id}", "usr_id}, columns: [usr_id, sate]"),
                tables))
        .containsExactly(
            new CatalogFinding(
                Severity.ERROR,
                "view list",
                "the table desk.tickets has no column 'usr_id' (did you mean 'user_id'?), but it is to give the parameter a"),
            new CatalogFinding(
                Severity.ERROR,
                "view list",
                "the table desk.tickets has no column 'usr_id' (did you mean 'user_id'?), but 'columns' names it"),
            new CatalogFinding(
                Severity.ERROR,
                "view list",
                "the table desk.tickets has no column 'sate' (did you mean 'state'?), but 'columns' names it"));
  }

  private static List<CatalogFinding> check(String ticket, Map<TableName, TableShape> tables) {
    return check(ticket, "", tables);
  }

  private static List<CatalogFinding> check(
      String ticket, String views, Map<TableName, TableShape> tables) {
    return against(ticket.indent(4) + views, tables);
  }

  private static List<CatalogFinding> against(String ticket, Map<TableName, TableShape> tables) {
    String yaml =
        "version: 1\nentities:\n  user: {table: users, key: id}\n  ticket:\n    table: desk.tickets\n"
            + ticket;
    return switch (CatalogReader.read("catalog.yml", yaml)) {
      case CatalogReading.Valid valid -> CatalogCheck.against(valid.catalog(), tables);
      case CatalogReading.Invalid invalid -> throw new AssertionError(invalid.sentences());
    };
  }
}
