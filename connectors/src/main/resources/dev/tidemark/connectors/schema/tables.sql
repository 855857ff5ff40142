-- Tidemark's own tables. Each statement may run again; what stored data would not survive does not
-- belong here.

create schema if not exists tidemark;

-- What became of every operation, once. The id is made of the device and its idempotency key.
create table if not exists tidemark.ledger (
  id uuid primary key,
  device_id text not null,
  idempotency_key text not null,
  request_hash text not null,
  batch_id text not null,
  batch_index integer not null,
  entity_type text not null,
  entity_id text not null,
  kind text not null check (kind in ('create', 'update', 'delete')),
  data jsonb not null,
  base_data jsonb,
  base_version text,
  sequence bigint,
  strategy text not null,
  client_timestamp timestamptz not null,
  corrected_timestamp timestamptz not null,
  received_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  result text not null check (result in ('applied', 'unchanged', 'open', 'refused', 'rejected')),
  conflict_type text,
  conflict_fields text[] not null default '{}',
  resolution text,
  reason text not null,
  error jsonb,
  decision jsonb not null,
  server_version text,
  server_row jsonb,
  suggestion jsonb,
  resolves uuid,
  undoes uuid,
  request_id text not null,
  unique (device_id, idempotency_key)
);
create index if not exists ledger_open_conflicts on tidemark.ledger (written_at, id) where result = 'open';
create index if not exists ledger_resolutions on tidemark.ledger (resolves) where resolves is not null;
create index if not exists ledger_reversals on tidemark.ledger (undoes) where undoes is not null;
create index if not exists ledger_entity on tidemark.ledger (entity_type, entity_id, written_at);

-- Which operations came together. A batch is open until all of them are in the ledger.
create table if not exists tidemark.batch (
  device_id text not null,
  batch_id text not null,
  received_at timestamptz not null,
  sent_at timestamptz,
  ahead_ms bigint not null,
  request_id text not null,
  operations uuid[] not null,
  indexes integer[] not null,
  errors jsonb not null,
  open boolean not null default true,
  primary key (device_id, batch_id)
);
create index if not exists batch_open on tidemark.batch (device_id, received_at) where open;

-- Who has ever sent a batch.
create table if not exists tidemark.device (
  device_id text primary key,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  last_batch text not null,
  ahead_ms bigint not null,
  batches bigint not null
);

-- What a WatermelonDB device was reading: its timestamp is a number, which has no room to say it.
create table if not exists tidemark.interop_set (
  device_id text not null,
  set_no integer not null,
  log text not null,
  scopes text[] not null,
  types text[] not null,
  made_at timestamptz not null default clock_timestamp(),
  primary key (device_id, set_no)
);

-- Rows that such a device is told although nothing happens to them: it has set what was not done so.
create table if not exists tidemark.interop_owed (
  device_id text not null,
  entity_type text not null,
  entity_id text not null,
  at bigint not null,
  primary key (device_id, entity_type, entity_id)
);
