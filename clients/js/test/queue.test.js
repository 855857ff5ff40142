import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../src/queue.js';

const V1 = '0001-0000000000000001';
const V2 = '0001-0000000000000002';
const V3 = '0001-0000000000000003';

let keys = 0;
function add(queue, operation, data, seen, strategy = 'merge') {
  const key = `k-${++keys}`;
  const at = '2026-01-20T10:00:00.000Z';
  queue.add({ type: 'activity', id: '1', operation, data, strategy, key, at }, seen);
  return key;
}
const wires = (queue) => queue.batch(100);
const bases = (queue) => wires(queue).map(({ base_version }) => base_version ?? null);

test('an operation names what the person had seen, and what he counted from', () => {
  const queue = new Queue();
  const key = add(queue, 'update', { visits: 7 }, { row: { visits: 5, title: 'A' }, version: V1 });
  assert.deepEqual(wires(queue), [
    {
      entity_type: 'activity',
      entity_id: '1',
      operation: 'update',
      data: { visits: 7 },
      client_timestamp: '2026-01-20T10:00:00.000Z',
      idempotency_key: key,
      conflict_resolution_strategy: 'merge',
      base_version: V1,
      base_data: { visits: 5 },
    },
  ]);
});

test('a second edit of a field builds on the first, whatever was pulled between them', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  // Somebody else's title came with version 2, but the person still sees his own.
  add(queue, 'update', { title: 'B2' }, { row: { title: 'B' }, version: V2 });
  assert.deepEqual(bases(queue), [V1, V1]);
});

test('an edit of another field builds on what was pulled meanwhile, because that was seen', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  add(queue, 'update', { notes: 'x' }, { row: { title: 'B', notes: 'y' }, version: V2 });
  assert.deepEqual(bases(queue), [V1, V2]);
});

test('a deletion builds on the oldest of what the device shows of the row', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  add(queue, 'delete', null, { row: { title: 'B' }, version: V2 });
  assert.deepEqual(bases(queue), [V1, V1]);
  assert.equal('data' in wires(queue)[1], false);
});

test('what follows a creation has no base until the row has been pulled', () => {
  const queue = new Queue();
  const created = add(queue, 'create', { title: 'A' }, { row: null, version: null });
  add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: null });
  assert.deepEqual(bases(queue), [null, null]);
  queue.answer(created, { effect: true, version: V1 }, V1);
  queue.answer(wires(queue)[0].idempotency_key, { effect: true, version: V2 }, V2);
  add(queue, 'update', { title: 'C' }, { row: { title: 'B' }, version: V2 });
  assert.deepEqual(bases(queue), [V2]);
});

test('own operations lie over the server\'s row, and over whatever comes in its place', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  const row = { title: 'A', notes: 'x' };
  assert.deepEqual(queue.overlay('activity', '1', row), { title: 'B', notes: 'x' });
  assert.deepEqual(queue.overlay('activity', '1', { title: 'C', notes: 'y' }), { title: 'B', notes: 'y' });
  assert.equal(queue.overlay('activity', '1', null), null);
  assert.deepEqual(queue.overlay('activity', '2', row), row);
  add(queue, 'delete', null, { row, version: V1 });
  assert.equal(queue.overlay('activity', '1', row), null);
  add(queue, 'create', { title: 'again' }, { row: null, version: V1 });
  assert.deepEqual(queue.overlay('activity', '1', row), { title: 'again' });
});

test('an answered operation stays on the screen until its effect has been pulled', () => {
  const queue = new Queue();
  const key = add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  queue.answer(key, { effect: true, version: V3 }, V1);
  assert.equal(queue.unanswered, 0);
  assert.deepEqual(wires(queue), []);
  assert.deepEqual(queue.overlay('activity', '1', { title: 'A' }), { title: 'B' });
  queue.pulled('activity', '1', V2);
  queue.pulled('activity', '2', V3);
  assert.deepEqual(queue.overlay('activity', '1', { title: 'A' }), { title: 'B' });
  queue.pulled('activity', '1', V3);
  assert.deepEqual(queue.touched(), []);
});

test('an operation without effect, or pulled already, is gone with its answer', () => {
  const queue = new Queue();
  const lost = add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  queue.answer(lost, { effect: false, version: V2 }, V1);
  assert.deepEqual(queue.touched(), []);
  const pulled = add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  queue.answer(pulled, { effect: true, version: V2 }, V2);
  assert.deepEqual(queue.touched(), []);
});

test('a pull that began after the answer ends it, one that began before does not', () => {
  const queue = new Queue();
  const key = add(queue, 'create', { title: 'A' }, { row: null, version: null });
  const before = queue.answeredKeys;
  queue.answer(key, { effect: true, version: V1 }, null);
  queue.allPulled(before);
  assert.equal(queue.touched().length, 1);
  queue.allPulled(queue.answeredKeys);
  assert.equal(queue.touched().length, 0);
});

test('an answer counts once, and one of an unknown operation not at all', () => {
  const queue = new Queue();
  const key = add(queue, 'update', { title: 'B' }, { row: { title: 'A' }, version: V1 });
  assert.equal(queue.answer(key, { effect: true, version: V2 }, V1).idempotency_key, key);
  assert.equal(queue.answer(key, { effect: true, version: V2 }, V1), null);
  assert.equal(queue.answer('other', { effect: true }, null), null);
});

test('operations are numbered without a gap when they are sent, and never again', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: {}, version: V1 });
  add(queue, 'update', { title: 'C' }, { row: {}, version: V1 });
  add(queue, 'update', { title: 'D' }, { row: {}, version: V1 });
  queue.greet(false);
  assert.deepEqual(queue.batch(2).map(({ sequence }) => sequence), [1, 2]);
  const again = new Queue(JSON.parse(JSON.stringify(queue.state())));
  assert.deepEqual(again.batch(3).map(({ sequence }) => sequence), [1, 2, 3]);
});

test('a device that the server knows and that has lost its storage does not number', () => {
  const queue = new Queue();
  add(queue, 'update', { title: 'B' }, { row: {}, version: V1 });
  queue.greet(true);
  assert.equal('sequence' in queue.batch(1)[0], false);
});
