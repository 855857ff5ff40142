// A device: what the person sees, what he did, and the exchange with the server.

import * as exactJson from './exact-json.js';
import { Bell, delay } from './backoff.js';
import { Http, Problem } from './http.js';
import { follow } from './live.js';
import { pull } from './pull.js';
import { push, readConflict, readError, readSuccess } from './push.js';
import { Queue } from './queue.js';
import { Replica } from './replica.js';
import { Document, memoryStorage } from './storage.js';

const PAGE = 500;
const BATCH = 100;
/** After so many connections in a row that told nothing, this device polls. */
const TRIES_OF_LIVE = 3;

export class Device {
  #name;
  #strategy;
  #tell;
  #json;
  #now;
  #http;
  #queue;
  #replica;
  #open;
  #queueFile;
  #replicaFile;
  #conflictFile;
  #live;
  #WebSocket;
  #running = null;
  #work = new Bell();
  #news = new Bell();
  #answeredVersion = null;
  #state = 'offline';

  /**
   * Opens what the storage holds; asks nobody yet.
   *
   * @param url of the server
   * @param name of this device, as its tokens say. A name belongs to one storage
   * @param token gives the token to use, or a promise of it, before each request; `{refused}` is the
   *     one that was not taken, else null
   * @param types the entity types wanted; null for all that the token's scopes show
   * @param strategy what decides where an operation meets another change
   * @param tell is told what happens: {kind: row | applied | merged | conflict | rejected | state | trouble}
   * @param live false: never a connection that stays, only pulls
   */
  static async open({
    url,
    name,
    token,
    types = null,
    storage = memoryStorage(),
    strategy = 'merge',
    tell = () => {},
    live = true,
    WebSocket = globalThis.WebSocket,
    json = exactJson,
    fetch = globalThis.fetch,
    now = Date.now,
  }) {
    const device = new Device();
    device.#name = name;
    device.#strategy = strategy;
    device.#tell = tell;
    device.#json = json;
    device.#now = now;
    device.#live = live;
    device.#WebSocket = WebSocket;
    device.#http = new Http({ url, token: async (asked) => token(asked), json, fetch, now });
    device.#queueFile = new Document(storage, 'queue', json);
    device.#replicaFile = new Document(storage, 'rows', json);
    device.#conflictFile = new Document(storage, 'conflicts', json);
    device.#queue = new Queue(await device.#queueFile.load());
    device.#replica = new Replica(await device.#replicaFile.load(), types && [...types].sort());
    device.#open = new Map(await device.#conflictFile.load());
    return device;
  }

  // What the person sees

  /** A row as it is on the screen, or null. */
  get(type, id) {
    return this.#queue.overlay(type, String(id), this.#replica.get(type, String(id))?.data ?? null);
  }

  /** All rows of a type, as [id, row]. */
  list(type) {
    const ids = new Set(this.#replica.ids(type));
    this.#queue.touched().forEach(([other, id]) => other === type && ids.add(id));
    return [...ids]
      .map((id) => [id, this.get(type, id)])
      .filter(([, row]) => row !== null)
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  }

  /** Conflicts that wait for a person. */
  get conflicts() {
    return [...this.#open.values()];
  }

  get state() {
    return this.#state;
  }

  /** How many operations are not answered yet. */
  get unanswered() {
    return this.#queue.unanswered;
  }

  // What the person does. Done when it is kept; what became of it is told later.

  /** The id may be left out if the type's key is one uuid. */
  async create(type, data, id = globalThis.crypto.randomUUID()) {
    if (this.get(type, id) !== null) {
      throw new Error(`there is ${type} ${id} already`);
    }
    await this.#do('create', type, String(id), data);
    return String(id);
  }

  /** Sets columns; those that are not named stay as they are. */
  async update(type, id, data) {
    await this.#do('update', type, String(id), data);
  }

  async remove(type, id) {
    await this.#do('delete', type, String(id), null);
  }

  async #do(operation, type, id, data) {
    const row = this.get(type, id);
    if (row === null && operation !== 'create') {
      throw new Error(`there is no ${type} ${id}`);
    }
    const version = this.#replica.get(type, id)?.version ?? null;
    const key = globalThis.crypto.randomUUID();
    const at = new Date(this.#now()).toISOString();
    this.#showing([[type, id]], () =>
      this.#queue.add({ type, id, operation, data, strategy: this.#strategy, key, at }, { row, version }),
    );
    await this.#queueFile.save(() => this.#queue.state());
    this.#work.ring();
  }

  /** Settles an open conflict: `client`, `server`, or `merge` with the columns to set. */
  async resolve(conflict, resolution, data) {
    const path = `/api/sync/conflicts/${encodeURIComponent(conflict)}/resolve`;
    const body = { resolution, ...(data ? { data } : {}) };
    const answer = (await this.#http.ask('POST', path, { body })).body;
    if (answer.errors.length > 0) {
      throw new Problem(answer.errors[0].status, answer.errors[0], 0);
    }
    this.#open.delete(conflict);
    await this.#conflictFile.save(() => [...this.#open]);
    this.#news.ring();
  }

  // The exchange with the server

  /** One exchange, for an app that is awake for a moment: sends all, then pulls all. */
  async sync({ signal } = {}) {
    if (this.#running) {
      throw new Error('this device is in touch all the time: stop() it first');
    }
    await this.#push(signal);
    await this.#pull(signal);
  }

  /** Stays in touch from now on, through all that goes wrong, until stop(). */
  start() {
    if (!this.#running) {
      const stopping = new AbortController();
      const loops = [this.#pushing(stopping.signal), this.#following(stopping.signal)];
      this.#running = { stopping, done: Promise.all(loops) };
    }
  }

  async stop() {
    const running = this.#running;
    if (running) {
      running.stopping.abort();
      await running.done;
      this.#running = null;
      this.#is('offline');
    }
  }

  async #pushing(signal) {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#push(signal);
        failures = 0;
        await this.#work.wait(Infinity, signal);
      } catch (failed) {
        await this.#afterTrouble(failed, failures++, this.#work, signal);
      }
    }
  }

  /** Live as long as that works. Between two connections it pulls, so it is never blind. */
  async #following(signal) {
    let failures = 0;
    let silent = 0;
    while (!signal.aborted) {
      try {
        const pollAfter = await this.#pull(signal);
        failures = 0;
        const polls = !this.#live || silent >= TRIES_OF_LIVE;
        if (polls) {
          this.#is('polling');
          await this.#news.wait(pollAfter * (0.9 + Math.random() / 5), signal);
        }
        if (this.#live && !signal.aborted) {
          const { reason, heard } = await this.#follow(signal);
          silent = heard ? 0 : silent + 1;
          if (reason === 'expired') {
            await this.#startAfresh();
          } else if (reason === 'unauthenticated') {
            this.#http.renew();
          }
          // A server that goes away takes all its devices at once: they come back one by one.
          if (reason !== 'stopped' && !polls) {
            await this.#news.wait(delay(silent), signal);
          }
        }
      } catch (failed) {
        await this.#afterTrouble(failed, failures++, this.#news, signal);
      }
    }
  }

  /** Whatever it is, it is tried again: nothing is lost, and a new token or version may heal it. */
  async #afterTrouble(failed, failures, bell, signal) {
    if (!signal.aborted) {
      this.#is('offline');
      this.#tell({ kind: 'trouble', problem: failed });
      await bell.wait(delay(failures, { retryAfter: failed.retryAfter }), signal);
    }
  }

  async #push(signal) {
    await push({
      http: this.#http,
      queue: this.#queue,
      device: this.#name,
      batchSize: BATCH,
      now: this.#now,
      signal,
      save: () => this.#queueFile.save(() => this.#queue.state()),
      settled: (operation, answer) => this.#settled(operation, answer),
    });
    // Where nobody tells of changes, what was just done is worth a pull.
    if (this.#answeredVersion !== null) {
      this.#news.ring();
    }
  }

  async #settled(operation, answer) {
    const { entity_type: type, entity_id: id, idempotency_key: key } = operation;
    const rowVersion = this.#replica.get(type, id)?.version ?? null;
    let sent;
    this.#showing([[type, id]], () => {
      sent = this.#queue.answer(key, answer, rowVersion);
    });
    if (sent === null) {
      return;
    }
    const { conflict_id: conflict } = answer.details;
    if (conflict) {
      this.#open.set(conflict, answer.details);
      await this.#conflictFile.save(() => [...this.#open]);
    }
    await this.#queueFile.save(() => this.#queue.state());
    if (answer.version !== null) {
      this.#answeredVersion = answer.version;
    }
    this.#tell({ kind: answer.result, type, id, operation: sent, answer: answer.details });
  }

  async #pull(signal) {
    const answered = this.#queue.answeredKeys;
    const after = this.#answeredVersion;
    const pollAfter = await pull({
      http: this.#http,
      replica: this.#replica,
      after,
      limit: PAGE,
      signal,
      startAfresh: () => this.#startAfresh(),
      take: (page, last) => this.#take(page, last, answered),
    });
    if (this.#answeredVersion === after) {
      this.#answeredVersion = null;
    }
    return pollAfter;
  }

  #follow(signal) {
    return follow({
      http: this.#http,
      replica: this.#replica,
      WebSocket: this.#WebSocket,
      json: this.#json,
      signal,
      take: async (message) => {
        switch (message.type) {
          case 'changes':
            this.#is('live');
            return this.#take(message, false);
          case 'caught_up':
            this.#is('live');
            return this.#take({ changes: [], cursor: message.cursor }, true);
          case 'heartbeat':
            // All that there was has been told by now.
            return this.#take({ changes: [], cursor: message.cursor ?? this.#replica.cursor }, true);
          case 'outcome':
            return this.#heard(message.outcome);
          default:
        }
      },
    });
  }

  /** An outcome that came by itself: of an operation whose answer was lost, or that a person settled. */
  async #heard(outcome) {
    if (outcome.resolves && this.#open.delete(outcome.resolves)) {
      await this.#conflictFile.save(() => [...this.#open]);
    }
    const read = outcome.conflict_type ? readConflict : outcome.result ? readSuccess : readError;
    await this.#settled(outcome, read(outcome));
  }

  /** Takes changes in, and lays what is not answered yet over them anew. */
  async #take({ changes, cursor }, all, answered = this.#queue.answeredKeys) {
    const touched = changes.map(({ type, id }) => [type, id]);
    this.#showing([...touched, ...this.#queue.touched()], () => {
      this.#replica.apply({ changes, cursor });
      changes.forEach(({ type, id, version }) => this.#queue.pulled(type, id, version));
      if (all) {
        this.#queue.allPulled(answered);
      }
    });
    if (all) {
      this.#showing(this.#replica.outdated(), () => this.#replica.complete());
    }
    await this.#replicaFile.save(() => this.#replica.state());
    await this.#queueFile.save(() => this.#queue.state());
  }

  async #startAfresh() {
    this.#replica.startAfresh();
    await this.#replicaFile.save(() => this.#replica.state());
  }

  /** Tells of each of these rows that looks different after `change`. */
  #showing(entities, change) {
    const before = new Map(
      entities.map(([type, id]) => [`${type}/${id}`, [type, id, this.get(type, id)]]),
    );
    change();
    for (const [type, id, row] of before.values()) {
      const now = this.get(type, id);
      if (this.#json.stringify(row) !== this.#json.stringify(now)) {
        this.#tell({ kind: 'row', type, id, row: now, before: row });
      }
    }
  }

  #is(state) {
    if (this.#state !== state) {
      this.#state = state;
      this.#tell({ kind: 'state', state });
    }
  }
}
