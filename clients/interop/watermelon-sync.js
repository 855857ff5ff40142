// What a WatermelonDB app needs for Tidemark: the functions that synchronize() asks for. Why each line
// is there is in PROTOCOL.md.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Q } = require('@nozbe/watermelondb');
const { synchronize } = require('@nozbe/watermelondb/sync');

/** Characters; of none are there more than three bytes, and the server takes 1 MiB. */
const PART = 250_000;

/** The server takes 10,000 rows at a time. */
const ROWS = 5_000;

/**
 * @param token gives a token, or a promise of one
 * @param tables the entity types, named as in the database's schema; parents before children
 * @param tell is told of each operation's outcome: {table, id, …}
 */
export function tidemark(database, { url, token, tables, strategy = 'merge', tell = () => {}, fetch = globalThis.fetch }) {
  const ask = async (method, query, body) => {
    const response = await fetch(`${url}/interop/watermelon/sync?${new URLSearchParams(query)}`, {
      method,
      headers: { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${method} ${response.status}: ${await response.text()}`);
    }
    return response.json();
  };
  return {
    sendCreatedAsUpdated: true,
    conflictResolver,

    async pullChanges({ lastPulledAt, schemaVersion, migration }) {
      const pulled = await ask('GET', {
        last_pulled_at: lastPulledAt ?? 0,
        schema_version: schemaVersion,
        migration: JSON.stringify(migration ?? null),
        tables: tables.join(','),
      });
      return sparingUnsent(database, pulled);
    },

    async pushChanges({ changes, lastPulledAt }) {
      const experimentalRejectedIds = {};
      for (const part of parts(await withDeletedVersions(database, changes), tables)) {
        const body = { last_pulled_at: lastPulledAt, sent_at: new Date().toISOString(), changes: part };
        const answer = await ask('POST', { strategy }, body);
        answer.outcomes.forEach(tell);
        for (const [table, ids] of Object.entries(answer.experimentalRejectedIds)) {
          (experimentalRejectedIds[table] ??= []).push(...ids);
        }
      }
      return { experimentalRejectedIds };
    },
  };
}

/**
 * A server takes a body of bounded size with so many rows, and the package hands over all at once. Sent in the order of
 * the tables, which is parents first; deletions last, children first. If one part fails the package
 * sends all of them again, and what is through is answered as it was.
 */
export function* parts(changes, tables, size = PART) {
  const ordered = tables.filter((table) => changes[table]);
  const rows = [
    ...ordered.flatMap((table) => ['created', 'updated'].flatMap((kind) => changes[table][kind].map((row) => [table, kind, row]))),
    ...[...ordered].reverse().flatMap((table) => changes[table].deleted.map((row) => [table, 'deleted', row])),
  ];
  let part = {};
  let left = size;
  let count = 0;
  for (const [table, kind, row] of rows) {
    const length = JSON.stringify(row).length;
    if (left < size && (length > left || count === ROWS)) {
      yield part;
      part = {};
      left = size;
      count = 0;
    }
    part[table] ??= { created: [], updated: [], deleted: [] };
    part[table][kind].push(row);
    left -= length;
    count += 1;
  }
  if (left < size) {
    yield part;
  }
}

/** Sends what was done, and brings what became of it. */
export async function sync(database, remote) {
  let pushed = false;
  const pushChanges = async (local) => {
    pushed = true;
    return remote.pushChanges(local);
  };
  await synchronize({ database, ...remote, pushChanges });
  if (pushed) {
    const { pushChanges: _, ...pullOnly } = remote;
    await synchronize({ database, ...pullOnly });
  }
}

/**
 * An edit stays an edit of what the person saw, whatever is pulled beneath it. A created row needs
 * no such thing: a creation has no base.
 */
export function conflictResolver(_table, local, _remote, resolved) {
  return local._status === 'updated'
    ? { ...resolved, tidemark_version: local.tidemark_version }
    : resolved;
}

/** A row with unsent changes must not go before the server has decided about them. */
export async function sparingUnsent(database, pulled) {
  const changes = {};
  for (const [table, { created, updated, deleted }] of Object.entries(pulled.changes)) {
    const unsent = await unsentIds(database, table);
    const told = new Set([...created, ...updated].map(({ id }) => id));
    const kept =
      pulled.experimentalStrategy === 'replacement'
        ? [...unsent].filter((id) => !told.has(id)).map((id) => ({ id }))
        : [];
    changes[table] = {
      created,
      updated: [...updated, ...kept],
      deleted: deleted.filter((id) => !unsent.has(id)),
    };
  }
  return { ...pulled, changes };
}

async function unsentIds(database, table) {
  const statuses = ['created', 'updated'].map((status) =>
    database.get(table).query(Q.where('_status', status)).fetchIds(),
  );
  return new Set((await Promise.all(statuses)).flat());
}

/** The package hands over ids only; what the person had seen is still in the table. */
export async function withDeletedVersions(database, changes) {
  const named = {};
  for (const [table, { created, updated, deleted }] of Object.entries(changes)) {
    const versions = deleted.length === 0 ? new Map() : await deletedVersions(database, table);
    named[table] = {
      created,
      updated,
      deleted: deleted.map((id) => (versions.get(id) ? { id, tidemark_version: versions.get(id) } : id)),
    };
  }
  return named;
}

async function deletedVersions(database, table) {
  const query = database.get(table).query(Q.where('_status', 'deleted'));
  // A query leaves deleted records out; its raw description is the one without that.
  query.description = query._rawDescription;
  const raws = await query.unsafeFetchRaw();
  return new Map(raws.map(({ id, tidemark_version }) => [id, tidemark_version]));
}
