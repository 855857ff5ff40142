package dev.tidemark.bench.verify.sync;

import dev.tidemark.connectors.schema.OwnTables;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.catalog.CatalogReader;
import dev.tidemark.contract.catalog.CatalogReading;
import dev.tidemark.contract.catalog.EntityType;
import java.util.List;

/** The tables that devices and psql sessions write to, and the notes that triggers take of it. */
final class Tables {
  /** Who owns rows; a device may see the rows of some of them. */
  static final List<String> OWNERS = List.of("north", "south");

  /** How many items there are at first. So few that everybody meets. */
  static final int HOT = 10;

  /** What psql sessions call themselves, so that the notes tell them from the system. */
  static final String PSQL = "verify-psql";

  private Tables() {}

  /** The catalog, read as the system reads it. */
  static Catalog types() {
    return switch (CatalogReader.read("verify", catalog())) {
      case CatalogReading.Valid(Catalog catalog) -> catalog;
      case CatalogReading.Invalid invalid ->
          throw new IllegalStateException(String.join("; ", invalid.sentences()));
    };
  }

  static EntityType type(String name) {
    return types().type(name).orElseThrow();
  }

  static String catalog() {
    return """
    version: 1
    entities:
      item:
        description: Something that is visited and counted.
        table: verify.items
        key: id
        scope: owner/{owner}
        merge:
          visits: counter
          tags: union
          supplies: {policy: keyed_list, key: sku}
      part:
        description: What belongs to an item.
        table: verify.parts
        key: id
        scope: owner/{owner}
        references:
          item_id: item
        merge:
          amount: counter
      crate:
        description: What goes from place to place.
        table: verify.crates
        key: id
        scope: ["place/{place}", "guest/{guest}"]
    """;
  }

  /** Makes the tables, the system's own ones too, since notes are taken of the ledger as well. */
  static String ddl() {
    return OwnTables.sql()
        + """
        create schema verify;
        create table verify.items (
          id bigint primary key,
          owner text not null,
          visits bigint not null default 0,
          title text,
          note text check (note <> 'forbidden'),
          tags text[] not null default '{}',
          supplies jsonb not null default '[]',
          settings jsonb not null default '{}'
        );
        create table verify.parts (
          id bigint primary key,
          item_id bigint not null references verify.items,
          owner text not null,
          name text,
          amount bigint not null default 0
        );
        alter table verify.items replica identity full;
        alter table verify.parts replica identity full;

        create table verify.noted (
          seq bigserial primary key,
          xact xid8 not null,
          writer text not null,
          type text not null,
          id text not null,
          before jsonb,
          after jsonb
        );
        create table verify.settled (
          seq bigint primary key default nextval('verify.noted_seq_seq'),
          xact xid8 not null,
          operation uuid not null
        );

        create function verify.note() returns trigger language plpgsql as $$
        begin
          insert into verify.noted (xact, writer, type, id, before, after) values (
            pg_current_xact_id(),
            current_setting('application_name'),
            tg_argv[0],
            case when tg_op = 'DELETE' then old.id else new.id end,
            case when tg_op = 'INSERT' then null else to_jsonb(old) end,
            case when tg_op = 'DELETE' then null else to_jsonb(new) end);
          return null;
        end $$;
        create trigger note after insert or update or delete on verify.items
          for each row execute function verify.note('item');
        create trigger note after insert or update or delete on verify.parts
          for each row execute function verify.note('part');

        create function verify.settle() returns trigger language plpgsql as $$
        begin
          insert into verify.settled (xact, operation) values (pg_current_xact_id(), new.id);
          return null;
        end $$;
        create trigger verify_settle after insert on tidemark.ledger
          for each row execute function verify.settle();

        set application_name = '%s';
        insert into verify.items (id, owner, title)
          select n, case when n %% 2 = 0 then 'north' else 'south' end, 'item ' || n
          from generate_series(1, %d) n;
        """
            .formatted(PSQL, HOT)
        + Crates.ddl();
  }
}
