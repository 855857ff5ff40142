// What both programs share: the environment, steps that are told, and rows that are compared.

import assert from 'node:assert/strict';

export const MUNICIPALITY = 3;

const PATIENCE = 30_000;

export function required(name) {
  if (!process.env[name]) {
    console.error(`${name} is not set: TIDEMARK_URL, and TIDEMARK_TOKEN_A and TIDEMARK_TOKEN_B of two devices with the scope municipality/3.`);
    process.exit(2);
  }
  return process.env[name].replace(/\/+$/, '');
}

let nextId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);

/** An id that no other run has. */
export const newId = () => String(nextId++);

export const activity = (title, more = {}) => ({
  municipality_id: MUNICIPALITY,
  kind: 'INSPECTION',
  title,
  planned_for: '2026-03-02',
  ...more,
});

/** What somebody in the office does: a device of another kind, with the core's own API. */
export async function office(operation, id, data, strategy = 'client_wins') {
  const token = required('TIDEMARK_TOKEN_B');
  const now = new Date().toISOString();
  const key = globalThis.crypto.randomUUID();
  const device = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).device;
  const response = await fetch(`${required('TIDEMARK_URL')}/api/sync`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', Prefer: 'wait=30' },
    body: JSON.stringify({
      batch_id: key,
      device_id: device,
      sent_at: now,
      operations: [
        {
          entity_type: 'activity',
          entity_id: id,
          operation,
          ...(operation === 'delete' ? {} : { data }),
          client_timestamp: now,
          idempotency_key: key,
          conflict_resolution_strategy: strategy,
        },
      ],
    }),
  });
  const answer = await response.json();
  assert.ok(answer.settled && answer.errors.length === 0, JSON.stringify(answer));
}

/** Fetch on a network that can be cut, and that can lose the answer to a push. */
export function network() {
  let cut = new AbortController();
  let lose = false;
  return {
    cut: () => cut.abort(new TypeError('the network was cut')),
    mend: () => (cut = new AbortController()),
    loseNextAnswer: () => (lose = true),
    async fetch(url, options) {
      cut.signal.throwIfAborted();
      const signals = [cut.signal, ...(options.signal ? [options.signal] : [])];
      const response = await fetch(url, { ...options, signal: AbortSignal.any(signals) });
      if (lose && options.method === 'POST') {
        lose = false;
        await response.text();
        throw new TypeError('the answer was lost');
      }
      return response;
    },
  };
}

export async function until(sentence, holds) {
  const end = Date.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `${sentence}: not within ${PATIENCE / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The rows of both must be the same; says which are not. */
export function assertSame(a, b) {
  for (const id of new Set([...Object.keys(a), ...Object.keys(b)])) {
    assert.deepEqual(a[id] ?? null, b[id] ?? null, `activity ${id} differs`);
  }
}

export async function run(steps) {
  for (const [sentence, step] of steps) {
    const began = Date.now();
    try {
      await step();
      console.log(`ok   ${sentence} (${Date.now() - began} ms)`);
    } catch (failed) {
      console.log(`FAIL ${sentence}\n${failed.stack}`);
      process.exit(1);
    }
  }
  console.log(`All ${steps.length} steps went as they should.`);
  process.exit(0);
}
