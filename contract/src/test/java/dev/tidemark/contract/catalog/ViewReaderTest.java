package dev.tidemark.contract.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.view.CacheView;
import dev.tidemark.contract.catalog.view.CacheView.Shape;
import dev.tidemark.contract.catalog.view.Dependency;
import dev.tidemark.contract.catalog.view.KeyTemplate;
import dev.tidemark.contract.catalog.view.Lifetime;
import dev.tidemark.contract.catalog.view.NamedQuery;
import dev.tidemark.contract.catalog.view.ParameterType;
import dev.tidemark.contract.catalog.view.Rendering;
import dev.tidemark.contract.catalog.view.ViewDependency;
import dev.tidemark.contract.catalog.view.Warming;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewReaderTest {
  private static final String ENTITIES =
      """
      version: 1
      entities:
        user: {table: users, key: id}
        service: {table: services, key: id, columns: [id, user_id, name, lasts]}
        appointment: {table: appointments, key: id}
        stock: {table: stock, key: [warehouse, sku]}
      """;

  private static final String AGENDA =
      """
      key: agenda:{user_id}:{date}
      parameters: {user_id: uuid, date: date}
      query: select id from appointments where user_id = :user_id and on_date = :date
      depends: {appointment: {keys: {user_id: user_id, date: on_date}}}
      """;

  @Test
  void aCompleteViewIsRead() {
    CacheView agenda =
        view(
            "agenda",
            """
            views:
              agenda:
                description: A day.
                key: agenda:{user_id}:{date}
                parameters: {date: date, user_id: uuid}
                query: |
                  select id from appointments
                  where user_id = :user_id and on_date = :date
                result: one
                depends:
                  appointment: {keys: {user_id: user_id, date: on_date}}
                  service: {rows: service_id, columns: [name, lasts]}
                  user: [{keys: {user_id: id}, columns: [plan]}, {rows: [client_id, host_id], columns: name}]
                  stock: [{rows: [warehouse, sku]}, {keys: {}}]
                views: {services: {user_id: user_id}}
                groups: [[date]]
                ttl: {hot: 5m, warm: 15m, cold: 1h}
                jitter: 2.5%
                absent: 500ms
                stale: 10s
                scope: [public, "user/{user_id}"]
                render: {texts: [subject, body], variant: for_plan}
                warm: {query: "select user_id, on_date as date from appointments", every: 5m, limit: 200}
              services:
                key: services:{user_id}
                parameters: {user_id: uuid}
                query: select name from services where user_id = :user_id
                depends: {service: {keys: {user_id: user_id}}}
            """);
    Map<String, ParameterType> parameters = new LinkedHashMap<>();
    parameters.put("user_id", ParameterType.UUID);
    parameters.put("date", ParameterType.DATE);
    assertThat(agenda)
        .isEqualTo(
            new CacheView(
                "agenda",
                "A day.",
                new KeyTemplate("agenda", List.of("user_id", "date")),
                parameters,
                NamedQuery.parse(
                    "select id from appointments\nwhere user_id = :user_id and on_date = :date"),
                Shape.ONE,
                List.of(
                    new Dependency(
                        "appointment",
                        Map.of("user_id", "user_id", "date", "on_date"),
                        List.of(),
                        List.of()),
                    new Dependency(
                        "service", Map.of(), List.of("service_id"), List.of("name", "lasts")),
                    new Dependency("user", Map.of("user_id", "id"), List.of(), List.of("plan")),
                    new Dependency(
                        "user", Map.of(), List.of("client_id", "host_id"), List.of("name")),
                    new Dependency("stock", Map.of(), List.of("warehouse", "sku"), List.of()),
                    new Dependency("stock", Map.of(), List.of(), List.of())),
                List.of(new ViewDependency("services", Map.of("user_id", "user_id"))),
                List.of(List.of("date")),
                new Lifetime(
                    Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1), 0.025),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                List.of(new ScopeTemplate("public"), new ScopeTemplate("user/{user_id}")),
                Optional.of(new Rendering(List.of("subject", "body"), Optional.of("for_plan"))),
                Optional.of(
                    new Warming(
                        NamedQuery.parse("select user_id, on_date as date from appointments"),
                        Duration.ofMinutes(5),
                        200))));
    assertThat(agenda.parameters().keySet()).containsExactly("user_id", "date");
  }

  @Test
  void whatIsNotSaidHasADefault() {
    CacheView agenda = view("agenda", "views:\n  agenda:\n" + AGENDA.indent(4));
    assertThat(agenda.shape()).isEqualTo(Shape.LIST);
    assertThat(agenda.lifetime()).isEqualTo(Lifetime.DEFAULT);
    assertThat(agenda.absent()).isEqualTo(Duration.ofSeconds(30));
    assertThat(agenda.stale()).isZero();
    assertThat(agenda.scopes()).isEmpty();
    assertThat(agenda.groups()).isEmpty();
    assertThat(agenda.rendering()).isEmpty();
    assertThat(agenda.warming()).isEmpty();
    assertThat(CatalogReader.read("catalog.yml", ENTITIES))
        .isInstanceOfSatisfying(
            CatalogReading.Valid.class, valid -> assertThat(valid.catalog().views()).isEmpty());
    assertThat(
            view("all", "views: {all: {key: all, query: select 1, depends: {user: {keys: {}}}}}")
                .parameters())
        .isEmpty();
  }

  @Test
  void neverIsAsLongAsThereIs() {
    Lifetime lifetime =
        view("agenda", "views:\n  agenda:\n" + (AGENDA + "ttl: never\n").indent(4)).lifetime();
    assertThat(lifetime.hot()).isEqualTo(Lifetime.UNLIMITED);
    assertThat(lifetime.cold()).isEqualTo(Lifetime.UNLIMITED);
    assertThat(lifetime.jitter()).isEqualTo(Lifetime.DEFAULT.jitter());
  }

  @Test
  void whatAViewLacksIsNamed() {
    assertThat(sentences("views:\n  agenda: {description: x}\n  other:\n"))
        .containsExactly(
            "catalog.yml:8:3: views.agenda: expected the field 'key', as agenda:{user_id}:{date}, found a view without a key",
            "catalog.yml:8:3: views.agenda: expected the field 'query', found a view without a query",
            "catalog.yml:8:3: views.agenda: expected the field 'depends' with the entity types whose changes make answers untrue, found a view without it",
            "catalog.yml:9:9: views.other: expected a mapping with 'key', 'query' and 'depends', found nothing");
    assertThat(sentences("views: [a]\n"))
        .containsExactly(
            "catalog.yml:7:8: views: expected a mapping of views by their names, found a list");
  }

  @Test
  void parametersAreTheSameInKeyDeclarationAndQuery() {
    assertThat(
            sentences(
                """
                views:
                  agenda:
                    key: agenda:{user_id}:{dat}
                    parameters: {user_id: uuidd, date: date, unused: text}
                    query: select 1 where :user = :user and :date is null
                    depends: {user: {keys: {usr_id: id}}}
                    groups: [[dat], [user_id, date, unused], [date], date]
                    scope: user/{user}
                """))
        .containsExactly(
            "catalog.yml:9:10: views.agenda.key: expected a parameter that 'parameters' names, found 'dat' (did you mean 'date'?)",
            "catalog.yml:10:18: views.agenda.parameters.user_id: expected a parameter that the query uses, as :user_id, found 'user_id'",
            "catalog.yml:10:27: views.agenda.parameters.user_id: expected a type: one of text, uuid, smallint, integer, bigint, date, boolean, found 'uuidd' (did you mean 'uuid'?)",
            "catalog.yml:10:34: views.agenda.parameters.date: expected a parameter that the key names: without it two answers share one key, found 'date', and the key agenda:{user_id}:{dat}",
            "catalog.yml:10:46: views.agenda.parameters.unused: expected a parameter that the key names: without it two answers share one key, found 'unused', and the key agenda:{user_id}:{dat}",
            "catalog.yml:10:46: views.agenda.parameters.unused: expected a parameter that the query uses, as :unused, found 'unused'",
            "catalog.yml:11:12: views.agenda.query: expected a parameter that 'parameters' names, found 'user'",
            "catalog.yml:12:29: views.agenda.depends.user.keys.usr_id: expected a parameter of the view, found 'usr_id' (did you mean 'user_id'?)",
            "catalog.yml:13:15: views.agenda.groups[0][0]: expected a parameter that 'parameters' names, found 'dat' (did you mean 'date'?)",
            "catalog.yml:13:21: views.agenda.groups[1]: expected some of the parameters, found all of them, which is one answer",
            "catalog.yml:13:54: views.agenda.groups[3]: expected each group once, found the same parameters again",
            "catalog.yml:14:12: views.agenda.scope: expected a parameter that 'parameters' names, found 'user'");
  }

  @Test
  void aKeyBeginsWithTheNameOfItsView() {
    assertThat(sentences(agenda("key: agenda:{user_id}:{date}", "key: day:{user_id}:{date}")))
        .containsExactly(
            "catalog.yml:9:10: views.agenda.key: expected a key that begins with the view's name, agenda, found 'day:{user_id}:{date}'");
    for (String key : List.of("agenda/{user_id}", "agenda:user_id", "'agenda:{user_id}:'", "3")) {
      assertThat(sentences(agenda("key: agenda:{user_id}:{date}", "key: " + key)))
          .as(key)
          .anyMatch(
              sentence ->
                  sentence.contains(
                      "views.agenda.key: expected a key, as agenda:{user_id}:{date}, each parameter once"));
    }
    assertThat(sentences("views:\n  Agenda:\n" + AGENDA.indent(4)))
        .anyMatch(
            sentence ->
                sentence.startsWith("catalog.yml:8:3: views.Agenda: expected a name of a view"));
  }

  @Test
  void aQueryIsOneStatementThatEnds() {
    assertThat(sentences(agenda("query: select id", "query: select ';'; select id")))
        .containsExactly(
            "catalog.yml:11:12: views.agenda.query: expected one query in SQL, found an error: a query is one statement, without a semicolon");
    assertThat(sentences(agenda("on_date = :date", "on_date = :date and 'x")))
        .singleElement()
        .asString()
        .endsWith("found an error: a ' does not end");
    assertThat(sentences(agenda("query: select", "query: ''\ndescription: select")))
        .singleElement()
        .asString()
        .contains("views.agenda.query: expected a query in SQL, found ''");
  }

  @Test
  void dependenciesAreOnKnownTypesInOneWayEach() {
    String depends = "depends: {appointment: {keys: {user_id: user_id, date: on_date}}}";
    assertThat(sentences(agenda(depends, "depends: {apointment: {keys: {}}}")))
        .containsExactly(
            "catalog.yml:12:15: views.agenda.depends.apointment: expected an entity type of this file, found 'apointment' (did you mean 'appointment'?)");
    assertThat(sentences(agenda(depends, "depends: {}")))
        .containsExactly(
            "catalog.yml:12:14: views.agenda.depends: expected at least one entity type, found none");
    assertThat(sentences(agenda(depends, "depends: {user: {columns: [name]}}")))
        .containsExactly(
            "catalog.yml:12:21: views.agenda.depends.user: expected {keys: {PARAMETER: COLUMN}} or {rows: COLUMN}, with or without 'columns'; 'keys: {}' is every answer, found neither 'keys' nor 'rows'");
    assertThat(sentences(agenda(depends, "depends: {user: {keys: {}, rows: a}}")))
        .containsExactly(
            "catalog.yml:12:32: views.agenda.depends.user.rows: expected 'keys' or 'rows'; a list of dependencies has both, found 'rows' with 'keys'");
    assertThat(sentences(agenda(depends, "depends: {user: [{keys: {}}, {key: {}}, 3]}")))
        .hasSize(3)
        .anyMatch(
            sentence ->
                sentence.contains(
                    "views.agenda.depends.user[1].key: expected one of the fields keys, rows, columns, found 'key' (did you mean 'keys'?)"))
        .anyMatch(sentence -> sentence.contains("views.agenda.depends.user[2]: expected {keys:"));
    assertThat(sentences(agenda(depends, "depends: {user: []}"))).hasSize(1);
    assertThat(sentences(agenda(depends, "depends: {user: {keys: {}, columns: []}}"))).hasSize(1);
  }

  @Test
  void rowsAloneTellOfNothingNew() {
    assertThat(
            sentences(
                agenda(
                    "depends: {appointment: {keys: {user_id: user_id, date: on_date}}}",
                    "depends: {appointment: {rows: id}, user: {rows: client_id}}")))
        .containsExactly(
            "catalog.yml:12:14: views.agenda.depends: expected at least one dependency by 'keys': 'rows' tells of rows that were found, and of none that is new, found 'rows' alone");
  }

  @Test
  void rowsOfAKeyOfSeveralColumnsAreItsParts() {
    String with = "on_date}}, stock: {rows: ";
    assertThat(sentences(agenda("on_date}}", with + "[warehouse, sku]}"))).isEmpty();
    for (String rows : List.of("sku", "[sku]", "[a, b, c]")) {
      assertThat(sentences(agenda("on_date}}", with + rows + "}")))
          .as(rows)
          .singleElement()
          .asString()
          .contains(
              "views.agenda.depends.stock.rows: expected 2 columns of the answer, for the parts of the key (warehouse, sku) of stock in their order, found ");
    }
  }

  @Test
  void columnsThatDoNotTravelCannotBeNamed() {
    assertThat(
            sentences(
                agenda(
                    "on_date}}",
                    "on_date}}, service: {keys: {user_id: owner}, columns: [nam, lasts, owner]}")))
        .containsExactly(
            "catalog.yml:12:97: views.agenda.depends.service.keys.user_id: expected a column that the entity type service takes part with, found 'owner'",
            "catalog.yml:12:115: views.agenda.depends.service.columns[0]: expected a column that the entity type service takes part with, found 'nam' (did you mean 'name'?)",
            "catalog.yml:12:127: views.agenda.depends.service.columns[2]: expected a column that the entity type service takes part with, found 'owner'");
  }

  @Test
  void aColumnThatSaysWhoseARowIsCounts() {
    assertThat(sentences(agenda("on_date}}", "on_date}, columns: [user_id, starts_at]}")))
        .containsExactly(
            "catalog.yml:12:60: views.agenda.depends.appointment.keys.date: expected a column of the key, or one that 'columns' names: when it changes, the row goes to another answer, found 'on_date'");
    assertThat(sentences(agenda("on_date}}", "on_date}, columns: [user_id, on_date]}"))).isEmpty();
    assertThat(
            sentences(
                agenda("on_date}}", "on_date}}, user: {keys: {user_id: id}, columns: [plan]}")))
        .isEmpty();
  }

  @Test
  void viewsAreKnownAndTheirParametersToo() {
    String services =
        """
        views:
          services:
            key: services:{id}
            parameters: {id: bigint}
            query: select 1 where :id = 1
            depends: {user: {keys: {}}}
          agenda:
        """;
    assertThat(
            sentences(
                services
                    + (AGENDA
                            + "views: {service: {}, services: {user_id: idd, dat: id, date: id}}\n")
                        .indent(4)))
        .containsExactly(
            "catalog.yml:18:13: views.agenda.views.service: expected a view of this file, found 'service' (did you mean 'services'?)",
            "catalog.yml:18:46: views.agenda.views.services.user_id: expected a parameter of the view services, found 'idd' (did you mean 'id'?)",
            "catalog.yml:18:51: views.agenda.views.services.dat: expected a parameter of the view, found 'dat' (did you mean 'date'?)",
            "catalog.yml:18:66: views.agenda.views.services.date: expected a parameter of type date, as date has, found 'id' of type bigint");
  }

  @Test
  void viewsGoInNoCircle() {
    String view = "{key: %s, query: select 1, depends: {user: {keys: {}}}, views: {%s}}\n";
    assertThat(
            sentences(
                "views:\n"
                    + ("a: " + view.formatted("a", "b: {}")).indent(2)
                    + ("b: " + view.formatted("b", "c: {}, d: {}")).indent(2)
                    + ("c: " + view.formatted("c", "b: {}, d: {}")).indent(2)
                    + ("d: " + view.formatted("d", "d: {}")).indent(2)))
        .containsExactly(
            "catalog.yml:10:69: views.c.views.b: expected views that do not depend on themselves, found b > c > b",
            "catalog.yml:11:69: views.d.views.d: expected views that do not depend on themselves, found d > d");
  }

  @Test
  void timesAndPartsAreWithinLimits() {
    for (String wrong :
        List.of(
            "ttl: 1",
            "ttl: 0s",
            "ttl: 31d",
            "ttl: 1w",
            "ttl: -1h",
            "ttl: 1.5h",
            "ttl: ''",
            "ttl: 721h",
            "ttl: {hot: 1m}",
            "ttl: {hot: never, warm: 1m, cold: 1m}",
            "ttl: {hot: 1m, warm: 1m, cold: 1m, ice: 1m}",
            "ttl: [1h]",
            "jitter: 51%",
            "jitter: 50.001%",
            "jitter: 0.1",
            "jitter: -1%",
            "jitter: '%'",
            "absent: never",
            "absent: 25h",
            "stale: 61m",
            "stale: never",
            "result: two",
            "result: true",
            "scope: '{user_id}'",
            "groups: date",
            "groups: [[]]",
            "groups: [[date, date]]",
            "render: {variant: a}",
            "render: body",
            "render: {texts: []}",
            "warm: x",
            "warm: {query: select 1}",
            "warm: {every: 5m}",
            "warm: {query: select 1, every: 999ms}",
            "warm: {query: select 1, every: 25h}",
            "warm: {query: 'select :date', every: 5m}",
            "warm: {query: select 1, every: 5m, limit: 0}",
            "warm: {query: select 1, every: 5m, limit: 10001}",
            "warm: {query: select 1, every: 5m, limit: '5'}",
            "cache: yes",
            "description: [a]")) {
      assertThat(sentences(agenda("depends:", wrong + "\ndepends:"))).as(wrong).isNotEmpty();
    }
    for (String right :
        List.of(
            "ttl: 500ms",
            "ttl: 30d",
            "ttl: 720h",
            "jitter: 0%",
            "jitter: 50%",
            "jitter: 50.0%",
            "absent: 0s",
            "absent: 1d",
            "stale: 1h",
            "stale: 3600s",
            "groups: []",
            "warm: {query: select 1, every: 1s, limit: 10000}",
            "warm: {query: select 1, every: 1d}",
            "render: {texts: body}",
            "result: list")) {
      assertThat(sentences(agenda("depends:", right + "\ndepends:"))).as(right).isEmpty();
    }
    assertThat(sentences(agenda("depends:", "ttl: 31d\ndepends:")))
        .containsExactly(
            "catalog.yml:12:10: views.agenda.ttl: expected a duration up to 30d, as 1h; or never; or {hot: 5m, warm: 15m, cold: 1h}, found '31d'");
  }

  @Test
  void noTextMakesTheReaderThrow() {
    String complete = ENTITIES + "views:\n  agenda:\n" + AGENDA.indent(4);
    for (int i = ENTITIES.length(); i < complete.length(); i += 2) {
      for (String text :
          List.of(
              complete.substring(0, i),
              complete.substring(0, i) + ": {[" + complete.substring(i),
              complete.substring(0, i) + complete.substring(Math.min(i + 7, complete.length())))) {
        assertThat(CatalogReader.read("catalog.yml", text)).isNotNull();
      }
    }
  }

  private static String agenda(String part, String instead) {
    assertThat(AGENDA).contains(part);
    return "views:\n  agenda:\n" + AGENDA.replace(part, instead).indent(4);
  }

  private static CacheView view(String name, String views) {
    return switch (CatalogReader.read("catalog.yml", ENTITIES + views)) {
      case CatalogReading.Valid valid -> valid.catalog().view(name).orElseThrow();
      case CatalogReading.Invalid invalid -> throw new AssertionError(invalid.sentences());
    };
  }

  private static List<String> sentences(String views) {
    return switch (CatalogReader.read("catalog.yml", ENTITIES + views)) {
      case CatalogReading.Valid _ -> List.of();
      case CatalogReading.Invalid invalid -> invalid.sentences();
    };
  }
}
