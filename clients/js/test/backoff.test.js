import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bell, delay, retryAfter } from '../src/backoff.js';

test('it doubles up to a minute, and half of it is chance', () => {
  const longest = (failures) => delay(failures, { random: () => 1 });
  assert.deepEqual([0, 1, 2, 3].map(longest), [500, 1_000, 2_000, 4_000]);
  assert.equal(longest(50), 60_000);
  assert.equal(
    delay(3, { random: () => 0 }),
    2_000,
  );
});

test('what the server asks for is the least', () => {
  assert.equal(delay(0, { retryAfter: 7_000, random: () => 0 }), 7_000);
  assert.equal(delay(9, { retryAfter: 7_000, random: () => 1 }), 12_000);
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-20T10:00:00Z');
  assert.equal(retryAfter('12', now), 12_000);
  assert.equal(retryAfter('Tue, 20 Jan 2026 10:00:05 GMT', now), 5_000);
  assert.equal(retryAfter('Tue, 20 Jan 2026 09:00:00 GMT', now), 0);
  assert.equal(retryAfter(null, now), 0);
  assert.equal(retryAfter('soon', now), 0);
});

test('a bell that rang before somebody waits is heard', async () => {
  const bell = new Bell();
  bell.ring();
  await bell.wait(Infinity);
  const waiting = bell.wait(Infinity);
  bell.ring();
  await waiting;
});

test('a signal ends the waiting', async () => {
  const stopping = new AbortController();
  const waiting = new Bell().wait(Infinity, stopping.signal);
  stopping.abort();
  await waiting;
  await new Bell().wait(Infinity, stopping.signal);
});
