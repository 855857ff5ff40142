import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventReader } from '../src/live.js';

function told(...texts) {
  const events = [];
  const read = eventReader((event) => events.push(event));
  texts.forEach(read);
  return events;
}

test('events are cut out of whatever pieces they come in', () => {
  const whole = 'event: changes\r\nid: c1\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: still here\n\nevent:caught_up\ndata:{}\n\n';
  const events = [
    { name: 'changes', id: 'c1', data: '{"a":\n1}' },
    null,
    { name: 'caught_up', id: undefined, data: '{}' },
  ];
  assert.deepEqual(told(whole), events);
  assert.deepEqual(told(...whole), events);
});

test('an event that is not finished is not told', () => {
  assert.deepEqual(told('event: changes\ndata: {}\n'), []);
});
