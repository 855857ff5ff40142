import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Replica } from '../src/replica.js';

const V1 = '0001-0000000000000001';
const V2 = '0001-0000000000000002';
const V3 = '0001-0000000000000003';

const put = (id, version, data = { at: version }) => ({ type: 'ticket', id, kind: 'put', version, data });
const remove = (id, version) => ({ type: 'ticket', id, kind: 'remove', version });
const ids = (replica) => replica.ids('ticket');

test('a page is taken in: its rows, its removals and its cursor', () => {
  const replica = new Replica();
  replica.apply({ changes: [put('1', V1), put('2', V1), put('a/b', V1)], cursor: 'c1' });
  replica.apply({ changes: [put('1', V2), remove('2', V2)], cursor: 'c2' });
  assert.deepEqual(ids(replica), ['1', 'a/b']);
  assert.deepEqual(replica.get('ticket', '1').data, { at: V2 });
  assert.equal(replica.cursor, 'c2');
});

test('what is told again is not taken for news', () => {
  const replica = new Replica();
  replica.apply({ changes: [put('1', V3)], cursor: 'c3' });
  replica.apply({ changes: [put('1', V2)], cursor: 'c2' });
  assert.equal(replica.get('ticket', '1').version, V3);
});

test('a row that was removed may come back, with whatever version', () => {
  const replica = new Replica();
  replica.apply({ changes: [put('1', V2), remove('1', V3), put('1', V2)], cursor: 'c' });
  assert.equal(replica.get('ticket', '1').version, V2);
});

test('a fresh start drops the rows that it did not bring, and not before it is through', () => {
  const replica = new Replica();
  replica.apply({ changes: [put('1', V3), put('2', V3)], cursor: 'c1' });
  replica.complete();
  replica.startAfresh();
  assert.equal(replica.cursor, null);
  replica.apply({ changes: [put('2', V1)], cursor: 'c2' });
  assert.deepEqual(ids(replica), ['1', '2']);
  // Another history may have begun: what the fresh start says counts.
  assert.equal(replica.get('ticket', '2').version, V1);
  assert.deepEqual(replica.outdated(), [['ticket', '1']]);
  replica.complete();
  assert.deepEqual(ids(replica), ['2']);
  assert.deepEqual(replica.outdated(), []);
});

test('a fresh start that was interrupted goes on after a restart', () => {
  const first = new Replica(null, ['ticket']);
  first.apply({ changes: [put('1', V1), put('2', V1)], cursor: 'c1' });
  first.complete();
  first.startAfresh();
  first.apply({ changes: [put('2', V2)], cursor: 'c2' });
  const second = new Replica(JSON.parse(JSON.stringify(first.state())), ['ticket']);
  assert.equal(second.cursor, 'c2');
  second.complete();
  assert.deepEqual(ids(second), ['2']);
});

test('other types are a fresh start', () => {
  const first = new Replica(null, ['ticket']);
  first.apply({ changes: [put('1', V1)], cursor: 'c1' });
  first.complete();
  const second = new Replica(JSON.parse(JSON.stringify(first.state())), ['activity']);
  assert.equal(second.cursor, null);
  second.complete();
  assert.deepEqual(ids(second), []);
});

test('a kind that is not known stops it, before the cursor passes it', () => {
  const replica = new Replica();
  assert.throws(
    () => replica.apply({ changes: [{ ...put('1', V1), kind: 'merge' }], cursor: 'c1' }),
    /not known/,
  );
  assert.equal(replica.cursor, null);
});
