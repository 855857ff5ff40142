// What PROTOCOL.md says of the package, with the package itself and pulls that are written down.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { create, openDatabase, remove, row, rowsById, update } from '../watermelon-activity.js';
import { conflictResolver, parts, sparingUnsent, withDeletedVersions } from '../watermelon-sync.js';

const require = createRequire(import.meta.url);
const { synchronize } = require('@nozbe/watermelondb/sync');

const V1 = '0001-0000000000000001';
const V2 = '0001-0000000000000002';
const V3 = '0001-0000000000000003';
const plain = { sendCreatedAsUpdated: true };
const guarded = { sendCreatedAsUpdated: true, conflictResolver };

let time = 0;
const pulled = (updated, deleted = [], more = {}) => ({
  changes: { activity: { created: [], updated, deleted } },
  timestamp: ++time,
  ...more,
});
const told = (id, tidemark_version, values) => ({ id, tidemark_version, updated_at: 1, ...values });

/** One exchange; says what was pushed. */
async function exchange(database, options, pull, answer = {}) {
  let pushed = null;
  await synchronize({
    database,
    ...options,
    pullChanges: async () => (options.conflictResolver ? sparingUnsent(database, pull) : pull),
    pushChanges: async ({ changes }) => {
      pushed = (await withDeletedVersions(database, changes)).activity;
      return answer;
    },
  });
  return pushed;
}

async function withRow(values = { title: 'A' }) {
  const database = openDatabase();
  await exchange(database, guarded, pulled([told('1', V1, values)]));
  return database;
}

test('an edit upon an old row claims to know the new one, unless the resolver keeps its version', async () => {
  for (const [options, base] of [
    [plain, V2],
    [guarded, V1],
  ]) {
    const database = await withRow({ title: 'A', notes: 'a' });
    await update(database, '1', { title: 'mine' });
    const pushed = await exchange(database, options, pulled([told('1', V2, { title: 'theirs', notes: 'b' })]));
    const [sent] = pushed.updated;
    assert.equal(sent.tidemark_version, base);
    assert.equal(sent.title, 'mine');
    assert.equal(sent.notes, 'b');
    assert.deepEqual(sent._changed.split(',').sort(), ['title', 'updated_at']);
    assert.ok(Date.now() - sent.updated_at < 60_000);
  }
});

test('once nothing is unsent, the row that is told takes the place of the device\'s, version and all', async () => {
  const database = await withRow();
  await update(database, '1', { title: 'mine' });
  await exchange(database, guarded, pulled([]));
  assert.equal((await row(database, '1')).title, 'mine');
  await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs' })]));
  const now = await row(database, '1');
  assert.deepEqual([now.title, now.tidemark_version, now._status], ['theirs', V2, 'synced']);
});

test('an operation that lost stays on the screen if its row is not told again', async () => {
  const database = await withRow();
  await update(database, '1', { title: 'mine' });
  await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs' })]));
  await exchange(database, guarded, pulled([]));
  assert.equal((await row(database, '1')).title, 'mine', 'so the server owes the row');
  await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs' })]));
  assert.equal((await row(database, '1')).title, 'theirs');
});

test('a created row that comes back keeps what was edited since, and takes the rest', async () => {
  const database = openDatabase();
  await create(database, '1', { title: 'A', notes: 'a' });
  await assert.rejects(
    synchronize({
      database,
      ...guarded,
      pullChanges: async () => pulled([]),
      pushChanges: async () => {
        throw new Error('the answer was lost');
      },
    }),
  );
  await update(database, '1', { notes: 'a2' });
  const pushed = await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs', notes: 'b' })]));
  const [{ title, notes }] = pushed.created;
  assert.deepEqual([title, notes], ['theirs', 'a2']);
});

test('a remote deletion destroys an unsent edit, unless its id is taken out', async () => {
  for (const [options, kept] of [
    [plain, false],
    [guarded, true],
  ]) {
    const database = await withRow();
    await update(database, '1', { title: 'mine' });
    const pushed = await exchange(database, options, pulled([], ['1']));
    assert.equal((await row(database, '1')) !== null, kept);
    assert.equal(pushed?.updated[0]?.tidemark_version, kept ? V1 : undefined);
  }
});

test('a replacement destroys what it does not name, unsent edits too, but for created rows', async () => {
  for (const [options, ids] of [
    [plain, ['2', '3']],
    [guarded, ['1', '2', '3']],
  ]) {
    const database = await withRow();
    await exchange(database, guarded, pulled([told('9', V1, {})]));
    await update(database, '1', { title: 'mine' });
    await create(database, '2', { title: 'new' });
    const replacement = pulled([told('3', V3, {})], [], { experimentalStrategy: 'replacement' });
    await exchange(database, options, replacement);
    assert.deepEqual(Object.keys(await rowsById(database)).sort(), ids);
  }
});

test('a rejected id stays pending and is pushed again as it was; a rejected deletion too', async () => {
  const database = await withRow();
  await exchange(database, guarded, pulled([told('2', V1, {})]));
  await update(database, '1', { title: 'mine' });
  await remove(database, '2');
  const rejected = { experimentalRejectedIds: { activity: ['1', '2'] } };
  const first = await exchange(database, guarded, pulled([]), rejected);
  const second = await exchange(database, guarded, pulled([]));
  assert.deepEqual(second, first);
  assert.equal(await exchange(database, guarded, pulled([])), null);
});

test('a deletion is pushed with the version that the person had seen', async () => {
  const database = await withRow();
  await remove(database, '1');
  const pushed = await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs' })]));
  assert.deepEqual(pushed.deleted, [{ id: '1', tidemark_version: V1 }]);
  assert.equal(await row(database, '1'), null);
});

test('a deletion that is not done comes back with the row', async () => {
  const database = await withRow();
  await remove(database, '1');
  await exchange(database, guarded, pulled([]));
  await exchange(database, guarded, pulled([told('1', V2, { title: 'theirs' })]));
  assert.equal((await row(database, '1')).title, 'theirs');
});

test('a timestamp that is no number above 0 is refused, and so are rows with a status', async () => {
  const database = openDatabase();
  await assert.rejects(exchange(database, plain, pulled([], [], { timestamp: 0 })), /timestamp/);
  await assert.rejects(exchange(database, plain, pulled([], [], { timestamp: '5' })), /timestamp/);
  await assert.rejects(exchange(database, plain, pulled([told('1', V1, { _status: 'synced' })])), /_status/);
});

test('a large push goes in parts: parents first, deletions last, and nothing twice', () => {
  const rows = (...ids) => ids.map((id) => ({ id, notes: 'x'.repeat(100) }));
  const changes = {
    child: { created: rows('c1', 'c2'), updated: [], deleted: ['c9'] },
    parent: { created: rows('p1'), updated: rows('p2'), deleted: ['p9'] },
  };
  const sent = [...parts(changes, ['parent', 'child'], 150)];
  assert.equal(sent.length, 4);
  assert.deepEqual(
    sent.flatMap((part) => Object.values(part).flatMap((t) => [...t.created, ...t.updated, ...t.deleted].map((r) => r.id ?? r))),
    ['p1', 'p2', 'c1', 'c2', 'c9', 'p9'],
  );
  assert.deepEqual([...parts({ child: { created: [], updated: [], deleted: [] } }, ['child'])], []);
  const many = { child: { created: [], updated: [], deleted: Array.from({ length: 10_001 }, (_, i) => `${i}`) } };
  assert.deepEqual([...parts(many, ['child'])].map((part) => part.child.deleted.length), [5_000, 5_000, 1]);
});
