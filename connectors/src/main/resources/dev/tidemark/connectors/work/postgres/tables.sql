-- What jobs keep for themselves. Each statement may run again; what stored data would not survive
-- does not belong here. No table is captured: no device is told of them.

create schema if not exists tidemark;

-- Up to where an integration has been read.
create table if not exists tidemark.shop_cursor (
  integration_id integer not null,
  kind text not null,
  since text,
  url text,
  etag text,
  last_modified text,
  synced_at timestamptz not null,
  primary key (integration_id, kind)
);

-- What a platform has sent and the shop could not take yet, as it was sent.
create table if not exists tidemark.shop_aside (
  integration_id integer not null,
  kind text not null,
  id text not null,
  item jsonb not null,
  reason text not null,
  first_seen timestamptz not null default clock_timestamp(),
  last_tried timestamptz not null default clock_timestamp(),
  primary key (integration_id, kind, id)
);

-- Messages to people; whoever carries them marks them.
create table if not exists tidemark.outbox (
  key text primary key,
  channel text not null,
  recipient text not null,
  subject text not null,
  body text not null,
  data jsonb not null default '{}',
  made_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  error text
);
create index if not exists outbox_unsent on tidemark.outbox (made_at) where sent_at is null;

-- What devices have sent, by quarter of an hour.
create table if not exists tidemark.sync_metric (
  slot timestamptz not null,
  entity_type text not null,
  result text not null,
  operations bigint not null,
  devices bigint not null,
  seconds_p50 double precision not null,
  seconds_max double precision not null,
  primary key (slot, entity_type, result)
);

-- Which free time was offered to whom of the waiting list.
create table if not exists tidemark.slot_offer (
  waiting_id bigint not null,
  user_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  offered_at timestamptz not null,
  primary key (waiting_id, starts_at)
);
create index if not exists slot_offer_slot on tidemark.slot_offer (user_id, starts_at);

-- What others have told us.
create table if not exists tidemark.inbound (
  source text not null,
  id text not null,
  received_at timestamptz not null default clock_timestamp(),
  headers jsonb not null,
  body text not null,
  primary key (source, id)
);
create index if not exists inbound_received on tidemark.inbound (received_at);

-- The last table of this file, by which one sees that all were made.
create table if not exists tidemark.work_tables (version integer primary key);
insert into tidemark.work_tables values (1) on conflict do nothing;
