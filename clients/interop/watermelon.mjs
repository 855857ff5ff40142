// Two WatermelonDB apps against a system that runs, with the reference catalog:
//
//   TIDEMARK_URL=http://localhost:8080 TIDEMARK_TOKEN_A=… TIDEMARK_TOKEN_B=… node watermelon.mjs
//
// With TIDEMARK_TOKEN_A_MORE, of the device of A with the scopes municipality/3 and municipality/4, rights
// that change are tried as well. Ends with 0, or with 1 after saying what was not as it should be.

import assert from 'node:assert/strict';
import { MUNICIPALITY, activity, assertSame, network, newId, office, required, run } from './stage.mjs';
import { create, openDatabase, remove, row, rowsById, update } from './watermelon-activity.js';
import { sync, tidemark } from './watermelon-sync.js';

const url = required('TIDEMARK_URL');

/** An app: its database, its network, and what it was told. */
function app(token, strategy) {
  const database = openDatabase();
  const wire = network();
  const outcomes = [];
  const bearer = { token };
  const remote = tidemark(database, {
    url,
    token: () => bearer.token,
    tables: ['activity'],
    strategy,
    tell: (outcome) => outcomes.push(outcome),
    fetch: wire.fetch,
  });
  return {
    database,
    wire,
    bearer,
    sync: () => sync(database, remote),
    row: (id) => row(database, id),
    rows: () => rowsById(database),
    create: (id, values) => create(database, id, values),
    update: (id, values) => update(database, id, values),
    remove: (id) => remove(database, id),
    told: (id) => outcomes.filter((o) => o.id === id).map((o) => o.resolution ?? o.result ?? 'rejected'),
  };
}

const a = app(required('TIDEMARK_TOKEN_A'));
const b = app(required('TIDEMARK_TOKEN_B'));

async function converged() {
  await a.sync();
  await b.sync();
  await a.sync();
  const [ofA, ofB] = [await a.rows(), await b.rows()];
  assertSame(ofA, ofB);
  Object.values(ofA).forEach((r) => assert.equal(r._status, 'synced', `activity ${r.id} is ${r._status}`));
}

/** A row that both have. */
async function shared(title, more) {
  const id = newId();
  await a.create(id, activity(title, more));
  await converged();
  return id;
}

await run([
  [
    'the first pull brings the rows of the scope, and no others',
    async () => {
      await converged();
      const rows = Object.values(await a.rows());
      assert.ok(rows.length >= 20, `only ${rows.length} rows`);
      assert.ok(rows.every((r) => r.municipality_id === MUNICIPALITY));
      const { kind, tags, started_at, tidemark_version } = await a.row('123');
      assert.equal(kind, 'INSPECTION');
      assert.ok(Array.isArray(JSON.parse(tags)));
      assert.ok(started_at > Date.parse('2026-01-01'));
      assert.match(tidemark_version, /^\d{4}-[0-9A-F]{16}$/);
    },
  ],
  [
    'a created row reaches the other, as the database completed it',
    async () => {
      const id = await shared('Tank 1', { tags: '["dengue"]', details: '{"ph":6.5}' });
      const [ofA, ofB] = [await a.row(id), await b.row(id)];
      assert.deepEqual([ofA.status, ofB.status], ['PENDING', 'PENDING']);
      assert.deepEqual(JSON.parse(ofB.tags), ['dengue']);
      assert.deepEqual(a.told(id), ['applied']);
    },
  ],
  [
    'offline edits of different columns both stay, and are no conflict',
    async () => {
      const id = await shared('Tank 2');
      await a.update(id, { notes: 'Bring a ladder' });
      await b.update(id, { status: 'IN_PROGRESS' });
      await converged();
      const { notes, status } = await a.row(id);
      assert.deepEqual([notes, status], ['Bring a ladder', 'IN_PROGRESS']);
      assert.deepEqual([a.told(id).at(-1), b.told(id).at(-1)], ['applied', 'applied']);
    },
  ],
  [
    'edits of one column are a conflict, although its version was pulled just before',
    async () => {
      const id = await shared('Tank 3');
      await b.update(id, { title: 'of B' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await a.update(id, { title: 'of A' });
      await a.sync();
      await converged();
      assert.equal((await b.row(id)).title, 'of A');
      assert.deepEqual(b.told(id), ['server']);
    },
  ],
  [
    'an operation that lost gives way to the row as it is, although nothing changes any more',
    async () => {
      const id = await shared('Tank 4');
      const loser = app(required('TIDEMARK_TOKEN_A'), 'server_wins');
      await loser.sync();
      await loser.update(id, { title: 'of the loser' });
      await b.update(id, { title: 'of B' });
      await b.sync();
      await loser.sync();
      assert.deepEqual(loser.told(id), ['server']);
      const { title, _status } = await loser.row(id);
      assert.deepEqual([title, _status], ['of B', 'synced']);
      await converged();
    },
  ],
  [
    'two that count offline are added up',
    async () => {
      const id = await shared('Tank 5', { visits: 5 });
      await a.update(id, { visits: 6 });
      await a.update(id, { visits: 7 });
      await b.update(id, { visits: 8 });
      await converged();
      await b.update(id, { visits: (await b.row(id)).visits + 1 });
      await converged();
      assert.equal((await a.row(id)).visits, 11);
    },
  ],
  [
    'a deletion reaches the other',
    async () => {
      const id = await shared('Tank 6');
      await a.remove(id);
      await converged();
      assert.equal(await b.row(id), null);
    },
  ],
  [
    'an edit that was not sent outlives a deletion',
    async () => {
      const id = await shared('Tank 7');
      await a.remove(id);
      await a.sync();
      await b.update(id, { notes: 'Still needed' });
      await converged();
      const { title, notes } = await a.row(id);
      assert.deepEqual([title, notes], ['Tank 7', 'Still needed']);
    },
  ],
  [
    'a deletion of what somebody else has changed is not done, and the row is back',
    async () => {
      const id = await shared('Tank 8');
      await b.update(id, { notes: 'Not yet' });
      await b.sync();
      await a.remove(id);
      await converged();
      assert.equal((await a.row(id)).notes, 'Not yet');
      assert.deepEqual(a.told(id).at(-1), 'server');
    },
  ],
  [
    'what the database refuses stays in the device, pending, and is sent when it is put right',
    async () => {
      const id = await shared('Tank 9', { visits: 2 });
      await a.update(id, { visits: -1 });
      await a.sync();
      assert.deepEqual([a.told(id).at(-1), (await a.row(id))._status], ['rejected', 'updated']);
      await a.update(id, { visits: 3 });
      await converged();
      assert.equal((await b.row(id)).visits, 3);
    },
  ],
  [
    'an operation whose answer was lost is done once, and does not overwrite what came after it',
    async () => {
      const id = await shared('Tank 10');
      await a.update(id, { title: 'of A' });
      a.wire.loseNextAnswer();
      await assert.rejects(a.sync());
      await b.sync();
      await b.update(id, { title: 'of B, who saw it' });
      await b.sync();
      await converged();
      assert.equal((await a.row(id)).title, 'of B, who saw it');
    },
  ],
  [
    'a merged value arrives, although the answer of the operation that it came from was lost',
    async () => {
      const id = await shared('Tank 10a', { visits: 5 });
      await b.update(id, { visits: 6 });
      await b.sync();
      await a.update(id, { visits: 7 });
      a.wire.loseNextAnswer();
      await assert.rejects(a.sync());
      await converged();
      assert.equal((await a.row(id)).visits, 8);
    },
  ],
  [
    'A, B, A is three edits',
    async () => {
      const id = await shared('Tank 11');
      for (const title of ['A', 'B', 'A']) {
        await a.update(id, { title });
        await a.sync();
      }
      await converged();
      assert.equal((await b.row(id)).title, 'A');
    },
  ],
  [
    'what the office does is pulled, and what was done offline meanwhile is not lost',
    async () => {
      const id = await shared('Tank 12');
      a.wire.cut();
      await a.update(id, { notes: 'offline' });
      await assert.rejects(a.sync());
      await office('update', id, { status: 'DONE' });
      a.wire.mend();
      await converged();
      const { notes, status } = await a.row(id);
      assert.deepEqual([notes, status], ['offline', 'DONE']);
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
