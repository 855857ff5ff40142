package dev.tidemark.bench.verify.cache;

import dev.tidemark.connectors.schema.OwnTables;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The tables, the views over them, and the questions that can be asked of a block of rows. */
final class Shop {
  /** How long the view that allows it may give an answer that is not true any more. */
  private static final Duration STALE = Duration.ofSeconds(1);

  /** One of so many blocks is asked for what is never kept for long. */
  private static final int FEW = 6;

  private Shop() {}

  /** The name of a place: some have all that means something in a key. */
  static String place(int block, int number) {
    return number == 0 ? "Ü%%3A: *%d%%".formatted(block) : "place-" + block + "-" + number;
  }

  static String catalog() {
    return """
    version: 1
    entities:
      thing:
        description: Something that lies somewhere.
        table: verify.things
        key: id
      label:
        description: What hangs on things.
        table: verify.labels
        key: [block, number]
      crumb:
        description: What is swept away at times.
        table: verify.crumbs
        key: id
    views:
      things_at:
        description: What lies at a place, with its labels.
        key: things_at:{place}
        parameters: {place: text}
        query: |
          select t.id, t.revision, t.block, t.label, l.revision as label_revision
          from verify.things t
          join verify.labels l on l.block = t.block and l.number = t.label
          where t.place = :place
          order by t.id
        depends:
          thing: {keys: {place: place}, columns: [place, revision, block, label]}
          label: {rows: [block, label], columns: [revision]}
      tally:
        description: How much lies at a place.
        key: tally:{place}
        parameters: {place: text}
        query: |
          select count(*) as things, coalesce(sum(t.revision), 0) as revisions
          from verify.things t where t.place = :place
        result: one
        depends:
          thing: {keys: {place: place}, columns: [place, revision]}
        ttl: {hot: 5s, warm: 20s, cold: 1h}
      slow:
        description: What lies at a place, by a query that takes its time.
        key: slow:{place}
        parameters: {place: text}
        query: |
          select t.id, t.revision from verify.things t
          where t.place = :place and (select pg_sleep(random() * 0.2)::text) is not null
          order by t.id
        depends:
          thing: {keys: {place: place}}
      lenient:
        description: What lies at a place, or lay there a moment ago.
        key: lenient:{place}
        parameters: {place: text}
        query: select t.id, t.revision from verify.things t where t.place = :place order by t.id
        depends:
          thing: {keys: {place: place}}
        stale: %dms
      thing:
        description: One thing, if it exists.
        key: thing:{id}
        parameters: {id: integer}
        query: select t.id, t.revision from verify.things t where t.id = :id
        result: one
        depends:
          thing: {keys: {id: id}}
        absent: 30s
      board:
        description: All things of a block; a change of any thing makes all boards untrue.
        key: board:{block}
        parameters: {block: integer}
        query: select t.id, t.revision from verify.things t where t.block = :block order by t.id
        depends:
          thing: {keys: {}}
      crumbs:
        description: What lies in a pile until it is swept away.
        key: crumbs:{pile}
        parameters: {pile: integer}
        query: select c.id, c.revision from verify.crumbs c where c.pile = :pile order by c.id
        depends:
          crumb: {keys: {pile: pile}}
    """
        .formatted(STALE.toMillis());
  }

  /**
   * Crumbs have the identity that tables have by default: of an old row the log tells the key
   * alone.
   */
  static String ddl(int blocks) {
    return OwnTables.sql()
        + """
        create schema verify;
        create table verify.blocks (id integer primary key);
        create table verify.labels (
          block integer, number integer, revision bigint not null, primary key (block, number));
        create table verify.things (
          id integer primary key,
          block integer not null,
          place text not null,
          label integer not null,
          revision bigint not null,
          note text);
        create index on verify.things (place);
        create table verify.crumbs (
          id integer primary key, pile integer not null, revision bigint not null);
        alter table verify.things replica identity full;
        insert into verify.blocks select n from generate_series(0, %1$d) n;
        insert into verify.labels
          select b, n, 0 from generate_series(0, %1$d) b, generate_series(0, %2$d) n;
        """
            .formatted(blocks - 1, State.LABELS - 1);
  }

  /**
   * The questions that can be asked of a block, those most asked first.
   *
   * @param forgotten told of each commit for how long a reader was not shown it
   */
  static List<Asked> questions(int block, LongConsumer forgotten) {
    List<Asked> all = new ArrayList<>();
    for (int place = 0; place < State.PLACES; place++) {
      int here = place;
      String text = encoded(place(block, place));
      all.add(asked("things_at/" + text, forgotten, state -> state.thingsAt(here)));
      all.add(asked("tally/" + text, forgotten, state -> state.tally(here)));
      all.add(
          new Asked(
              "/api/views/lenient/" + text,
              STALE.toNanos(),
              // What it may give belatedly says nothing of the bound.
              new Story(_ -> {}),
              state -> state.plainAt(here)));
    }
    for (int thing = 0; thing < State.THINGS; thing++) {
      int one = thing;
      all.add(asked("thing/" + new State(block).id(thing), forgotten, state -> state.thing(one)));
    }
    if (block % FEW == 0) {
      all.add(asked("board/" + block, forgotten, State::board));
      all.add(asked("slow/" + encoded(place(block, 0)), forgotten, state -> state.plainAt(0)));
    }
    if (block == 0) {
      for (int pile = 0; pile < 2; pile++) {
        int this_ = pile;
        all.add(asked("crumbs/" + pile, forgotten, state -> state.crumbs(this_)));
      }
    }
    return all;
  }

  private static Asked asked(
      String path,
      LongConsumer forgotten,
      java.util.function.Function<State, @org.jspecify.annotations.Nullable String> body) {
    return new Asked("/api/views/" + path, 0, new Story(forgotten), body);
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
