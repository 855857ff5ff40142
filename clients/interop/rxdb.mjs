// Two RxDB apps against a system that runs, with the reference catalog:
//
//   TIDEMARK_URL=http://localhost:8080 TIDEMARK_TOKEN_A=… TIDEMARK_TOKEN_B=… node rxdb.mjs
//
// With TIDEMARK_TOKEN_A_MORE, of the device of A with the scopes municipality/3 and municipality/4, rights
// that change are tried as well. Ends with 0, or with 1 after saying what was not as it should be.

import assert from 'node:assert/strict';
import { openCollection, remove, row, rowsById, update } from './rxdb-activity.js';
import { replicateTidemark } from './rxdb-sync.js';
import { MUNICIPALITY, activity, assertSame, network, newId, office, required, run, until } from './stage.mjs';

const url = required('TIDEMARK_URL');

/** An app: its collection, its network, and what it was told. */
async function app(token, strategy) {
  const collection = await openCollection();
  const wire = network();
  const outcomes = [];
  const bearer = { token };
  const replication = replicateTidemark({
    collection,
    type: 'activity',
    url,
    token: () => bearer.token,
    strategy,
    batchSize: 50,
    retryTime: 300,
    tell: (outcome) => outcomes.push(outcome),
    fetch: wire.fetch,
  });
  await replication.awaitInitialReplication();
  return {
    wire,
    bearer,
    replication,
    async sync() {
      replication.reSync();
      await replication.awaitInSync();
    },
    row: (id) => row(collection, id),
    rows: () => rowsById(collection),
    create: (id, values) => collection.insert({ id, ...values }),
    update: (id, values) => update(collection, id, values),
    remove: (id) => remove(collection, id),
    told: (id) => outcomes.filter((o) => o.id === id).map((o) => o.resolution ?? o.result ?? 'rejected'),
  };
}

const a = await app(required('TIDEMARK_TOKEN_A'));
const b = await app(required('TIDEMARK_TOKEN_B'));

/** What the app stamped is its own; all else must be equal. */
const seen = async (one) =>
  Object.fromEntries(Object.entries(await one.rows()).map(([id, { tidemark_edit: _, ...r }]) => [id, r]));

async function converged() {
  await a.sync();
  await b.sync();
  await a.sync();
  await b.sync();
  assertSame(await seen(a), await seen(b));
}

/** Both are cut off while they do this. */
async function offline(does) {
  a.wire.cut();
  b.wire.cut();
  await does();
  a.wire.mend();
  b.wire.mend();
}

async function shared(title, more) {
  const id = newId();
  await a.create(id, activity(title, more));
  await converged();
  return id;
}

await run([
  [
    'the first pull brings the rows of the scope, and no others, over several pages',
    async () => {
      await converged();
      const rows = Object.values(await a.rows());
      assert.ok(rows.length >= 20, `only ${rows.length} rows`);
      assert.ok(rows.every((r) => r.municipality_id === MUNICIPALITY));
      const { kind, tags, tidemark_version } = await a.row('123');
      assert.equal(kind, 'INSPECTION');
      assert.ok(Array.isArray(tags));
      assert.match(tidemark_version, /^\d{4}-[0-9A-F]{16}$/);
    },
  ],
  [
    'a created row reaches the other, as the database completed it',
    async () => {
      const id = await shared('Tank 1', { tags: ['dengue'], details: { ph: 6.5 } });
      const [ofA, ofB] = [await a.row(id), await b.row(id)];
      assert.deepEqual([ofA.status, ofB.status], ['PENDING', 'PENDING']);
      assert.deepEqual([ofB.tags, ofB.details], [['dengue'], { ph: 6.5 }]);
      assert.deepEqual(a.told(id), ['applied']);
    },
  ],
  [
    'a change reaches the other by itself',
    async () => {
      const id = await shared('Tank 2');
      await a.update(id, { title: 'Seen at once' });
      await until('A\'s title is at B', async () => (await b.row(id)).title === 'Seen at once');
      await office('update', id, { status: 'DONE' });
      await until('the office\'s status is at A', async () => (await a.row(id)).status === 'DONE');
    },
  ],
  [
    'offline edits of different columns both stay, and are no conflict',
    async () => {
      const id = await shared('Tank 3');
      await offline(async () => {
        await a.update(id, { notes: 'Bring a ladder' });
        await b.update(id, { status: 'IN_PROGRESS' });
      });
      await converged();
      const { notes, status } = await a.row(id);
      assert.deepEqual([notes, status], ['Bring a ladder', 'IN_PROGRESS']);
      assert.deepEqual([a.told(id).at(-1), b.told(id).at(-1)], ['applied', 'applied']);
    },
  ],
  [
    'offline edits of one column are a conflict, and both show what was decided',
    async () => {
      const id = await shared('Tank 4');
      await offline(async () => {
        await b.update(id, { title: 'of B' });
        await new Promise((resolve) => setTimeout(resolve, 20));
        await a.update(id, { title: 'of A' });
      });
      await converged();
      assert.equal((await b.row(id)).title, 'of A');
      const told = [...a.told(id).slice(1), ...b.told(id)].filter((t) => t !== 'applied');
      assert.equal(told.length, 1, `told ${told}`);
    },
  ],
  [
    'an operation that lost gives way to the row as it is, although nothing changes any more',
    async () => {
      const id = await shared('Tank 5');
      const loser = await app(required('TIDEMARK_TOKEN_A'), 'server_wins');
      loser.wire.cut();
      await loser.update(id, { title: 'of the loser' });
      await b.update(id, { title: 'of B' });
      await b.sync();
      loser.wire.mend();
      await loser.sync();
      await until('the loser shows B\'s title', async () => (await loser.row(id)).title === 'of B');
      assert.deepEqual(loser.told(id), ['server']);
      await loser.replication.cancel();
      await converged();
    },
  ],
  [
    'two that count offline are added up',
    async () => {
      const id = await shared('Tank 6', { visits: 5 });
      await offline(async () => {
        await a.update(id, { visits: 6 });
        await a.update(id, { visits: 7 });
        await b.update(id, { visits: 8 });
      });
      await converged();
      await b.update(id, { visits: (await b.row(id)).visits + 1 });
      await converged();
      assert.equal((await a.row(id)).visits, 11);
    },
  ],
  [
    'a deletion reaches the other',
    async () => {
      const id = await shared('Tank 7');
      await a.remove(id);
      await converged();
      assert.equal(await b.row(id), null);
    },
  ],
  [
    'an edit that was not sent outlives a deletion',
    async () => {
      const id = await shared('Tank 8');
      b.wire.cut();
      await b.update(id, { notes: 'Still needed' });
      await a.remove(id);
      await a.sync();
      b.wire.mend();
      await converged();
      const { title, notes } = await a.row(id);
      assert.deepEqual([title, notes], ['Tank 8', 'Still needed']);
    },
  ],
  [
    'a deletion of what somebody else has changed is not done, and the row is back',
    async () => {
      const id = await shared('Tank 9');
      a.wire.cut();
      await a.remove(id);
      await b.update(id, { notes: 'Not yet' });
      await b.sync();
      a.wire.mend();
      await converged();
      assert.equal((await a.row(id)).notes, 'Not yet');
    },
  ],
  [
    'what the database refuses is told, and gives way',
    async () => {
      const id = await shared('Tank 10', { visits: 2 });
      await a.update(id, { visits: -1 });
      await a.create(`${id}000000`, activity('No such number'));
      await converged();
      assert.equal((await a.row(id)).visits, 2);
      assert.equal(await a.row(`${id}000000`), null);
      assert.equal(a.told(id).at(-1), 'rejected');
    },
  ],
  [
    'an operation whose answer was lost is done once, and does not overwrite what came after it',
    async () => {
      const id = await shared('Tank 11', { visits: 1 });
      a.wire.loseNextAnswer();
      await a.update(id, { visits: 2, title: 'of A' });
      await until('A\'s title is at B', async () => (await b.row(id)).title === 'of A');
      await b.update(id, { title: 'of B, who saw it' });
      await converged();
      const { title, visits } = await a.row(id);
      assert.deepEqual([title, visits], ['of B, who saw it', 2]);
    },
  ],
  [
    'A, B, A is three edits, however fast',
    async () => {
      const id = await shared('Tank 12');
      for (const title of ['A', 'B', 'A']) {
        await a.update(id, { title });
      }
      await converged();
      assert.equal((await b.row(id)).title, 'A');
    },
  ],
  ...(process.env.TIDEMARK_TOKEN_A_MORE
    ? [
        [
          'rows of a scope that is given come, and go when it is taken away',
          async () => {
            const count = async () =>
              Object.values(await a.rows()).filter((r) => r.municipality_id === MUNICIPALITY + 1).length;
            const before = a.bearer.token;
            a.bearer.token = required('TIDEMARK_TOKEN_A_MORE');
            await a.sync();
            assert.ok((await count()) > 0);
            a.bearer.token = before;
            await a.sync();
            assert.equal(await count(), 0);
            await converged();
          },
        ],
      ]
    : []),
]);
