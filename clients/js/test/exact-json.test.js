import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber, parse, stringify } from '../src/exact-json.js';

for (const text of [
  '{"n":9223372036854775807}',
  '{"n":-9007199254740993,"m":9007199254740991}',
  '[0.12345678901234567890,1e400,1.7976931348623157e+308]',
  '{"9223372036854775807":1,"n":9223372036854775807}',
  '["\\u0000n12345678901234567890",12345678901234567890,"\\u0000t"]',
  '["a \\"1234567890123456789\\" b\\\\",1234567890123456789]',
  '["0001-0000000001600000"]',
]) {
  test(`${text} comes out as it went in`, () => {
    assert.equal(stringify(parse(text)), text);
  });
}

test('what a double holds is a number, and what it does not is none', () => {
  assert.deepEqual(parse('[1, 0.1, 0.30000000000000004, 1.50, 9007199254740993]'), [
    1,
    0.1,
    0.30000000000000004,
    1.5,
    9007199254740993n,
  ]);
  assert.deepEqual(parse('[0.12345678901234567890]'), [new ExactNumber('0.12345678901234567890')]);
  assert.equal(parse('1000000000000000000000000.0'), 1e24);
});

test('what is no JSON is refused', () => {
  assert.throws(() => parse('{"n":12345678901234567890'), SyntaxError);
  assert.throws(() => parse('{"n":01234567890123456789}'), SyntaxError);
});
