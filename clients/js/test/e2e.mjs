// Two devices against a system that runs, with the reference catalog:
//
//   TIDEMARK_URL=http://localhost:8080 TIDEMARK_TOKEN_A=… TIDEMARK_TOKEN_B=… npm run e2e
//
// The tokens are of two devices with the scope municipality/3. Ends with 0 if everything was as it
// should be, and else with 1 after saying what was not. It makes rows of its own each time. A word
// behind the command chooses the steps that have it in their sentence.

import assert from 'node:assert/strict';
import { Device, memoryStorage } from '../src/index.js';
import { Network } from './network.mjs';

const MUNICIPALITY = 3;
const PATIENCE = 60_000;

const url = required('TIDEMARK_URL');
let nextId = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000);

function required(name) {
  if (!process.env[name]) {
    console.error(`e2e: ${name} is not set.`);
    process.exit(2);
  }
  return process.env[name];
}

function deviceOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).device;
}

/** A device under test: what it was told, and the network that it hangs on. */
class Subject {
  events = [];
  network = new Network();
  storage = memoryStorage();
  #waiting = new Set();

  constructor(token, options = {}) {
    this.token = token;
    this.options = options;
  }

  /** Begins anew with what the storage kept: the app was killed. */
  async open(options = {}) {
    this.device = await Device.open({
      url,
      name: deviceOf(this.token),
      token: () => this.token,
      types: ['activity', 'evidence'],
      storage: this.storage,
      fetch: this.network.fetch,
      WebSocket: this.network.WebSocket,
      tell: (event) => this.#told(event),
      ...this.options,
      ...options,
    });
    return this;
  }

  #told(event) {
    this.events.push(event);
    this.#waiting.forEach((look) => look());
  }

  row(id) {
    return this.device.get('activity', id);
  }

  outcomes(id) {
    return this.events
      .filter((e) => e.id === String(id) && e.operation !== undefined)
      .map((e) => (e.kind === 'conflict' ? `conflict ${e.answer.resolution}` : e.kind));
  }

  /** Waits until it holds; every event is a chance. */
  async until(sentence, holds) {
    if (holds()) {
      return;
    }
    let look;
    let timer;
    try {
      await new Promise((resolve, reject) => {
        look = () => holds() && resolve();
        this.#waiting.add(look);
        timer = setTimeout(
          () => reject(new Error(`${sentence}: not within ${PATIENCE / 1_000} s; ${this.#last()}`)),
          PATIENCE,
        );
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  #last() {
    const troubles = this.events.filter((e) => e.kind === 'trouble').map((e) => e.problem.message);
    return `state ${this.device.state}, last troubles: ${troubles.slice(-3).join('; ') || 'none'}`;
  }
}

const a = await new Subject(required('TIDEMARK_TOKEN_A')).open();
const b = await new Subject(required('TIDEMARK_TOKEN_B')).open();

async function both() {
  await a.device.sync();
  await b.device.sync();
  await a.device.sync();
}

function converged() {
  for (const type of ['activity', 'evidence']) {
    assert.deepEqual(Object.fromEntries(a.device.list(type)), Object.fromEntries(b.device.list(type)));
  }
  assert.equal(a.device.unanswered + b.device.unanswered, 0);
}

const activity = (title, more = {}) => ({
  municipality_id: MUNICIPALITY,
  kind: 'INSPECTION',
  title,
  planned_for: '2026-03-02',
  ...more,
});

/** A row that both devices have. */
async function shared(title, more) {
  const id = nextId++;
  await a.device.create('activity', activity(title, more), id);
  await both();
  a.events.length = 0;
  b.events.length = 0;
  return id;
}

const steps = [];
const step = (sentence, run) => steps.push([sentence, run]);

step('the first pull brings the rows of the scope, and no others', async () => {
  await both();
  const rows = a.device.list('activity');
  assert.ok(rows.length >= 20, `only ${rows.length} rows`);
  assert.ok(rows.every(([, row]) => row.municipality_id === MUNICIPALITY));
  assert.equal(a.row(123).kind, 'INSPECTION');
  converged();
});

step('a device sees its own write after one exchange, as the server completed it', async () => {
  const id = nextId++;
  await a.device.create('activity', activity('Tank 1'), id);
  assert.equal(a.row(id).status, undefined);
  await a.device.sync();
  assert.equal(a.row(id).status, 'PENDING');
  assert.deepEqual(a.outcomes(id), ['applied']);
  await b.device.sync();
  assert.deepEqual(b.row(id), a.row(id));
});

step('offline edits of different fields both stay, and are no conflict', async () => {
  const id = await shared('Tank 2');
  await a.device.update('activity', id, { notes: 'Bring a ladder' });
  await b.device.update('activity', id, { status: 'IN_PROGRESS' });
  assert.equal(a.row(id).notes, 'Bring a ladder');
  await both();
  assert.equal(a.row(id).status, 'IN_PROGRESS');
  assert.equal(a.row(id).notes, 'Bring a ladder');
  assert.deepEqual([a.outcomes(id), b.outcomes(id)], [['applied'], ['applied']]);
  converged();
});

step('a device is not in conflict with what it did itself before', async () => {
  const id = nextId++;
  await a.device.create('activity', activity('Tank 3'), id);
  await a.device.update('activity', id, { title: 'Tank 3a', visits: 1 });
  await a.device.update('activity', id, { title: 'Tank 3b', visits: 2 });
  await a.device.sync();
  await a.device.update('activity', id, { title: 'Tank 3c', visits: 3 });
  await a.device.update('activity', id, { visits: 4 });
  await a.device.remove('activity', id);
  await a.device.create('activity', activity('Tank 3d'), id);
  await both();
  assert.deepEqual(a.outcomes(id), Array(7).fill('applied'));
  assert.equal(b.row(id).title, 'Tank 3d');
  converged();
});

step('two that count offline are added up', async () => {
  const id = await shared('Tank 4', { visits: 5 });
  await a.device.update('activity', id, { visits: 6 });
  await a.device.update('activity', id, { visits: 7 });
  await b.device.update('activity', id, { visits: 8 });
  await both();
  await b.device.update('activity', id, { visits: b.row(id).visits + 1 });
  await both();
  assert.equal(a.row(id).visits, 11);
  assert.ok(b.outcomes(id).includes('merged'));
  converged();
});

step('of two titles the later one stands, and who lost is told', async () => {
  const id = await shared('Tank 5');
  await b.device.update('activity', id, { title: 'of B' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await a.device.update('activity', id, { title: 'of A' });
  await both();
  assert.equal(b.row(id).title, 'of A');
  assert.deepEqual([a.outcomes(id), b.outcomes(id)], [['applied'], ['conflict server']]);
  converged();
});

step('of two edits in a row that both met another one, both are told', async () => {
  const id = await shared('Tank 6');
  await b.device.update('activity', id, { title: 'of B' });
  await b.device.sync();
  await a.open({ strategy: 'server_wins' });
  await a.device.update('activity', id, { title: 'of A' });
  await a.device.update('activity', id, { title: 'of A, again' });
  await a.device.sync();
  assert.deepEqual(a.outcomes(id), ['conflict server', 'conflict server']);
  assert.equal(a.row(id).title, 'of B');
  await a.open();
  converged();
});

step('a conflict is left to a person, and settled', async () => {
  const id = await shared('Tank 7');
  await a.device.update('activity', id, { title: 'of A' });
  await a.device.sync();
  await b.open({ strategy: 'manual' });
  await b.device.update('activity', id, { title: 'of B' });
  await b.device.sync();
  assert.deepEqual(b.outcomes(id), ['conflict open']);
  assert.equal(b.row(id).title, 'of A');
  await b.open();
  const open = b.device.conflicts.find(({ entity_id }) => entity_id === String(id));
  await b.device.resolve(open.conflict_id, 'client');
  assert.equal(b.device.conflicts.includes(open), false);
  await both();
  assert.equal(a.row(id).title, 'of B');
  converged();
});

step('a deletion reaches the other device', async () => {
  const id = await shared('Tank 8');
  await a.device.remove('activity', id);
  assert.equal(a.row(id), null);
  await both();
  assert.equal(b.row(id), null);
  assert.ok(b.events.some((e) => e.kind === 'row' && e.id === String(id) && e.row === null));
  converged();
});

step('an edit outlives a deletion', async () => {
  const id = await shared('Tank 9');
  await a.device.remove('activity', id);
  await b.device.update('activity', id, { notes: 'Still needed' });
  await both();
  assert.deepEqual(b.outcomes(id), ['conflict client']);
  assert.equal(a.row(id).notes, 'Still needed');
  assert.equal(a.row(id).title, 'Tank 9');
  converged();
});

step('what the database does not take is told and taken off the screen', async () => {
  const id = await shared('Tank 10', { visits: 2 });
  await a.device.update('activity', id, { visits: -1 });
  await a.device.update('activity', id, { notes: 'good' });
  assert.equal(a.row(id).visits, -1);
  await both();
  assert.deepEqual(a.outcomes(id), ['rejected', 'applied']);
  assert.equal(a.row(id).visits, 2);
  assert.equal(a.row(id).notes, 'good');
  converged();
});

step('a number above 2^53 keeps every digit', async () => {
  const id = await shared('Tank 11');
  const evidence = await a.device.create('evidence', {
    activity_id: id,
    municipality_id: MUNICIPALITY,
    file_name: 'tank.mp4',
    media_type: 'video/mp4',
    bytes: 9007199254740993n,
    sha256: Buffer.alloc(32, 7).toString('base64'),
  });
  await a.device.update('activity', id, { details: { exact: 9223372036854775807n } });
  await both();
  assert.equal(b.device.get('evidence', evidence).bytes, 9007199254740993n);
  assert.equal(b.row(id).details.exact, 9223372036854775807n);
  converged();
});

step('an operation whose answer was lost is done once', async () => {
  const id = await shared('Tank 12', { visits: 1 });
  await a.device.update('activity', id, { visits: 2 });
  a.network.loseAnswerTo('POST');
  await assert.rejects(a.device.sync(), TypeError);
  assert.equal(a.device.unanswered, 1);
  await both();
  assert.deepEqual(a.outcomes(id), ['applied']);
  assert.equal(a.events.find((e) => e.kind === 'applied').answer.duplicate, true);
  assert.equal(a.row(id).visits, 2);
  converged();
});

step('what was done before the app was killed is sent by the next one', async () => {
  const id = await shared('Tank 13');
  await a.device.update('activity', id, { title: 'Before the kill' });
  await a.open();
  assert.equal(a.row(id).title, 'Before the kill');
  await both();
  assert.equal(b.row(id).title, 'Before the kill');
  converged();
});

step('a cursor that is refused is a fresh start: what is not sent stays, what is not there goes', async () => {
  const id = await shared('Tank 14');
  const kept = JSON.parse(await a.storage.read('rows'));
  const ghost = { version: '0001-0000000000000001', data: { title: 'Ghost' }, round: kept.round };
  await a.storage.write(
    'rows',
    JSON.stringify({ ...kept, cursor: 'made-up', rows: [...kept.rows, ['activity/999999999', ghost]] }),
  );
  await a.open();
  assert.equal(a.row(999999999).title, 'Ghost');
  await a.device.update('activity', id, { title: 'Not sent yet' });
  await both();
  assert.equal(a.row(999999999), null);
  assert.equal(b.row(id).title, 'Not sent yet');
  converged();
});

const ways = ['Server-Sent Events', ...(globalThis.WebSocket ? ['a WebSocket'] : [])];
for (const way of ways) {
  step(`over ${way}: a change arrives by itself, and what was missed while the network was cut`, async () => {
    const id = await shared(`Tank 15 over ${way}`);
    await b.open(way === 'a WebSocket' ? {} : { WebSocket: null });
    b.device.start();
    try {
      await b.until('B is live', () => b.device.state === 'live');
      await a.device.update('activity', id, { title: 'Seen at once' });
      await a.device.sync();
      await b.until('A\'s title is at B', () => b.row(id).title === 'Seen at once');

      b.network.cut();
      await b.until('B has lost the server', () => b.device.state !== 'live');
      await a.device.update('activity', id, { title: 'Missed' });
      await a.device.sync();
      await b.device.update('activity', id, { notes: 'Done offline' });
      assert.equal(b.row(id).title, 'Seen at once');
      b.network.mend();
      await b.until('B is live again', () => b.device.state === 'live');
      await b.until('what B missed is at B', () => b.row(id).title === 'Missed');
      await b.until('B\'s edit is through', () => b.device.unanswered === 0);
      assert.deepEqual(b.outcomes(id), ['applied']);
    } finally {
      b.network.mend();
      await b.device.stop();
    }
    await b.open();
    await both();
    assert.equal(a.row(id).notes, 'Done offline');
    converged();
  });
}

step('without a connection that stays, polling brings the same', async () => {
  const id = await shared('Tank 16');
  await b.open({ live: false });
  b.device.start();
  try {
    await b.until('B polls', () => b.device.state === 'polling');
    await a.device.update('activity', id, { title: 'Polled' });
    await a.device.sync();
    await b.until('A\'s title is at B', () => b.row(id).title === 'Polled');
  } finally {
    await b.device.stop();
  }
  await b.open();
  converged();
});

const wanted = steps.filter(([sentence]) => sentence.includes(process.argv[2] ?? ''));
for (const [sentence, run] of wanted) {
  const began = Date.now();
  try {
    await run();
    console.log(`ok   ${sentence} (${Date.now() - began} ms)`);
  } catch (failed) {
    console.log(`FAIL ${sentence}\n${failed.stack}`);
    process.exit(1);
  }
}
console.log(`All ${wanted.length} steps went as they should.`);
process.exit(0);
