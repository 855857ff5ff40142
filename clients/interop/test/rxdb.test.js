// What PROTOCOL.md says of the package, with the package itself and answers that are written down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { openCollection, remove, row, rowsById, update } from '../rxdb-activity.js';
import { pullHandler, stampEdits } from '../rxdb-sync.js';

const V1 = '0001-0000000000000001';
const V2 = '0001-0000000000000002';
const V3 = '0001-0000000000000003';
const told = (id, tidemark_version, values = {}) => ({ id, tidemark_version, ...values, _deleted: false });
const gone = (id, tidemark_version) => ({ id, tidemark_version, _deleted: true });

/** A replication whose pulls are handed out one by one, and whose pushes are answered by `push`. */
async function replicate(collection, pulls, push = async () => []) {
  stampEdits(collection);
  const limits = [];
  const replication = replicateRxCollection({
    collection,
    replicationIdentifier: 'test',
    retryTime: 10,
    pull: {
      batchSize: 2,
      handler: async (checkpoint, limit) => {
        limits.push([checkpoint?.cursor ?? null, limit]);
        const documents = (await pulls.shift()) ?? [];
        return { documents, checkpoint: { cursor: `c${limits.length}` } };
      },
    },
    push: { batchSize: 10, handler: push },
  });
  await replication.awaitInSync();
  return {
    limits,
    async resync() {
      replication.reSync();
      await replication.awaitInSync();
    },
    replication,
  };
}

test('a page with fewer documents than asked for is the last one, and an empty one moves no checkpoint', async () => {
  const collection = await openCollection();
  const device = await replicate(collection, [[told('1', V1), told('2', V1)], [told('3', V1)]]);
  assert.deepEqual(device.limits, [
    [null, 2],
    ['c1', 2],
  ]);
  await device.resync();
  await device.resync();
  assert.deepEqual(device.limits.slice(2), [
    ['c2', 2],
    ['c2', 2],
  ]);
  assert.equal(Object.keys(await rowsById(collection)).length, 3);
});

test('a removal needs no more than the id, and the row may come back', async () => {
  const collection = await openCollection();
  const device = await replicate(collection, [[told('1', V1, { title: 'A' })], [gone('1', V2)], [told('1', V3, { title: 'B' })]]);
  await device.resync();
  assert.equal(await row(collection, '1'), null);
  await device.resync();
  assert.equal((await row(collection, '1')).title, 'B');
});

test('a push says what was assumed, version and all, and is stamped with its time', async () => {
  const collection = await openCollection();
  const pushes = [];
  const device = await replicate(collection, [[told('1', V1, { title: 'A' })]], async (rows) => {
    pushes.push(...rows);
    return [];
  });
  await update(collection, '1', { title: 'mine' });
  await device.replication.awaitInSync();
  const [{ assumedMasterState, newDocumentState }] = pushes;
  assert.deepEqual([assumedMasterState.title, assumedMasterState.tidemark_version], ['A', V1]);
  assert.deepEqual([newDocumentState.title, newDocumentState.tidemark_version], ['mine', V1]);
  assert.match(newDocumentState.tidemark_edit, /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+$/);

  await remove(collection, '1');
  await device.replication.awaitInSync();
  assert.equal(pushes[1].newDocumentState._deleted, true);
  assert.equal(pushes[1].assumedMasterState._deleted, false);
  assert.notEqual(pushes[1].newDocumentState.tidemark_edit, newDocumentState.tidemark_edit);
});

test('the echo of a push that is on its way is thrown away, unless the row comes as a conflict', async () => {
  for (const answersRow of [false, true]) {
    const collection = await openCollection();
    const merged = told('1', V2, { visits: 8 });
    let answerPull;
    const pulls = [[told('1', V1, { visits: 5 })]];
    const pushes = [];
    const device = await replicate(collection, pulls, async (rows) => {
      pushes.push(rows);
      if (pushes.length > 1) {
        return [];
      }
      // The change is in the log before the answer is out, and a pull that is going on has it.
      answerPull([merged]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return answersRow ? [merged] : [];
    });
    pulls.push(new Promise((resolve) => (answerPull = resolve)));
    device.replication.reSync();
    await until(() => device.limits.length === 2);
    await update(collection, '1', { visits: 7 });
    await device.replication.awaitInSync();
    await device.resync();
    const now = await row(collection, '1');
    assert.deepEqual([now.visits, now.tidemark_version], answersRow ? [8, V2] : [7, V1]);
    assert.equal(pushes.length, 1, 'what was answered is not pushed again');
  }
});

test('the answer of a conflict replaces the document; a refused creation and a deletion that lost too', async () => {
  const collection = await openCollection();
  const answers = { 1: told('1', V2, { title: 'theirs' }), 2: gone('2', V2), 3: told('3', V2, { title: 'kept' }) };
  let times = 0;
  const device = await replicate(
    collection,
    [[told('1', V1, { title: 'A' })], []],
    async (rows) => {
      times++;
      return rows
        .filter(({ assumedMasterState: a, newDocumentState: n }) => JSON.stringify(a) !== JSON.stringify(n))
        .map(({ newDocumentState }) => answers[newDocumentState.id]);
    },
  );
  await update(collection, '1', { title: 'mine' });
  await collection.insert({ id: '2', title: 'refused' });
  await device.replication.awaitInSync();
  assert.equal((await row(collection, '1')).title, 'theirs');
  assert.equal(await row(collection, '2'), null);
  await collection.insert({ id: '3', title: 'kept' });
  await device.replication.awaitInSync();
  await remove(collection, '3');
  await device.replication.awaitInSync();
  assert.equal((await row(collection, '3')).title, 'kept');
  assert.ok(times < 12, `${times} pushes`);
});

test('a failed push is sent again with the same rows, and nothing is lost', async () => {
  const collection = await openCollection();
  const pushes = [];
  const device = await replicate(collection, [[told('1', V1, { title: 'A' })]], async (rows) => {
    pushes.push(JSON.stringify(rows));
    if (pushes.length < 3) {
      throw new Error('503');
    }
    return [];
  });
  await update(collection, '1', { title: 'mine' });
  await device.replication.awaitInSync();
  assert.equal(pushes.length, 3);
  assert.equal(new Set(pushes).size, 1);
});

test('after 410 everything is pulled, and what did not come is told as deleted', async () => {
  const asked = [];
  const pages = { none: [['1', '2'], 'f1'], f1: [['3'], 'f2'] };
  const pullPage = async (cursor, limit) => {
    asked.push(cursor ?? 'none');
    if (cursor === 'old') {
      throw Object.assign(new Error('expired'), { status: 410 });
    }
    const [ids, next] = pages[cursor ?? 'none'];
    assert.equal(limit, 2);
    return { documents: ids.map((id) => told(id, V2)), checkpoint: { cursor: next } };
  };
  const known = async () => [{ id: '1' }, { id: '9', title: 'old' }];
  const pull = pullHandler(pullPage, known);
  const first = await pull({ cursor: 'old' }, 2);
  assert.deepEqual(first.documents.map(({ id }) => id), ['1', '2']);
  assert.ok(first.checkpoint.fresh);
  const last = await pull(first.checkpoint, 2);
  assert.deepEqual(last.documents.map(({ id, _deleted }) => [id, _deleted]), [
    ['3', false],
    ['9', true],
  ]);
  assert.equal(last.checkpoint.fresh, null);

  // Another process knows nothing of what had come before the crash.
  asked.length = 0;
  await pullHandler(pullPage, known)(first.checkpoint, 2);
  assert.deepEqual(asked, ['none']);
});

async function until(holds) {
  while (!holds()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
