import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checks, line, readChange, show } from './change.js';

const message = (value, key = 'ticket/7', kind = 'insert', id = 'event-1') => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers: {
    ce_id: Buffer.from(id),
    ce_type: Buffer.from(`dev.tidemark.change.${kind}.v1`),
    'content-type': Buffer.from('application/json'),
  },
});
const value = (version, kind = 'insert', rest = '"after":{"id":7}') =>
  `{"type":"ticket","id":"7","kind":"${kind}","version":"${version}","changed":[],${rest}}`;
const V1 = '0001-0000000000000001';
const V2 = '0001-0000000000000002';

test('a bigint keeps every digit', () => {
  const change = readChange(message(value(V1, 'insert', '"after":{"n":9223372036854775807}')));
  assert.equal(change.after.n, 9223372036854775807n);
  assert.equal(show(change.after), '{"n":9223372036854775807}');
  assert.match(line(change), /9223372036854775807/);
});

test('versions of one entity grow', () => {
  const checks = new Checks();
  checks.check('tidemark.change.ticket', 0, readChange(message(value(V2))));
  assert.throws(
    () => checks.check('tidemark.change.ticket', 0, readChange(message(value(V1), 'ticket/7', 'insert', 'event-2'))),
    /from version 0001-0000000000000002 to 0001-0000000000000001/,
  );
});

test('an event comes once, in one partition, under its own key, on its own topic', () => {
  const change = readChange(message(value(V1)));
  const seen = new Checks();
  seen.check('tidemark.change.ticket', 0, change);
  assert.throws(() => seen.check('tidemark.change.ticket', 0, change), /came twice/);
  const later = readChange(message(value(V2), 'ticket/7', 'insert', 'event-2'));
  assert.throws(() => seen.check('tidemark.change.ticket', 1, later), /partitions 0 and 1/);
  assert.throws(() => new Checks().check('tidemark.change.user', 0, change), /on the topic/);
  const astray = readChange(message(value(V1), 'ticket/8'));
  assert.throws(() => new Checks().check('tidemark.change.ticket', 0, astray), /the key is/);
});

test('a kind that is not known stops the consumer', () => {
  const change = readChange(message(value(V1, 'merge'), 'ticket/7', 'merge'));
  assert.throws(() => new Checks().check('tidemark.change.ticket', 0, change), /not known/);
});
