// What an RxDB app needs for Tidemark: a replication of one collection. Why each line is there is in
// PROTOCOL.md.

import { replicateRxCollection } from 'rxdb/plugins/replication';
import { Subject } from 'rxjs';
import { eventReader } from '../js/src/live.js';

const AGAIN_AFTER = 2_000;

/**
 * @param type the entity type; the collection's schema has the columns that are wanted, and
 *     `tidemark_version` and `tidemark_edit`, both text
 * @param token gives a token, or a promise of one
 * @param tell is told of each operation's outcome: {id, …}
 */
export function replicateTidemark({
  collection,
  type,
  url,
  token,
  strategy = 'merge',
  batchSize = 100,
  live = true,
  retryTime = 5_000,
  tell = () => {},
  fetch = globalThis.fetch,
}) {
  stampEdits(collection);
  const properties = Object.keys(collection.schema.jsonSchema.properties);
  const stopping = new AbortController();

  const open = async (method, path, query, body) =>
    fetch(`${url}/interop/rxdb/${type}/${path}?${new URLSearchParams(query)}`, {
      method,
      headers: { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: stopping.signal,
    });
  const ask = async (...request) => {
    const response = await open(...request);
    if (!response.ok) {
      const problem = new Error(`${request[0]} ${request[1]} ${response.status}: ${await response.text()}`);
      throw Object.assign(problem, { status: response.status });
    }
    return response.json();
  };

  const pullPage = (cursor, limit) =>
    ask('GET', 'pull', { limit: String(limit), ...(cursor ? { cursor } : {}) });
  const stream$ = new Subject();
  const replication = replicateRxCollection({
    collection,
    replicationIdentifier: `tidemark-${type}-${url}`,
    live,
    retryTime,
    waitForLeadership: collection.database.multiInstance,
    pull: {
      batchSize,
      handler: pullHandler(pullPage, () => knownDocuments(collection)),
      modifier: (document) => only(document, [...properties, '_deleted']),
      stream$,
    },
    push: {
      batchSize,
      handler: async (rows) => {
        const body = { sent_at: new Date().toISOString(), rows };
        const { conflicts, outcomes } = await ask('POST', 'push', { strategy }, body);
        outcomes.forEach(tell);
        return conflicts.map((document) => only(document, [...properties, '_deleted']));
      },
    },
  });
  replication.onCancel.push(() => stopping.abort());
  if (live) {
    listen(() => open('GET', 'stream', {}), () => stream$.next('RESYNC'), stopping.signal);
  }
  return replication;
}

/** When a person edited, and something that no other edit has: it makes an operation of its own. */
export function stampEdits(collection) {
  const stamp = (data) => {
    data.tidemark_edit = `${new Date().toISOString()} ${globalThis.crypto.randomUUID()}`;
  };
  collection.preInsert(stamp, false);
  collection.preSave(stamp, false);
  collection.preRemove(stamp, false);
}

const only = (document, names) =>
  Object.fromEntries(names.flatMap((n) => (document[n] === undefined ? [] : [[n, document[n]]])));

/**
 * The handler of the pull. After 410 it begins without a cursor and, at the end, has the documents
 * told as deleted that did not come. What was seen on the way is not kept, so a checkpoint of such
 * a start is good for this process only: another one begins it again.
 */
export function pullHandler(pullPage, known) {
  let fresh = null;

  return async function pull(checkpoint, limit) {
    if (checkpoint?.fresh && fresh?.id !== checkpoint.fresh) {
      return begin(limit);
    }
    try {
      return await page(checkpoint?.cursor, limit);
    } catch (failed) {
      if (failed.status === 410) {
        return begin(limit);
      }
      throw failed;
    }
  };

  function begin(limit) {
    fresh = { id: globalThis.crypto.randomUUID(), seen: new Set() };
    return page(undefined, limit);
  }

  async function page(cursor, limit) {
    const { documents, checkpoint } = await pullPage(cursor, limit);
    if (fresh === null) {
      return { documents, checkpoint: { ...checkpoint, fresh: null } };
    }
    documents.forEach(({ id }) => fresh.seen.add(id));
    if (documents.length >= limit) {
      return { documents, checkpoint: { ...checkpoint, fresh: fresh.id } };
    }
    const gone = (await known()).filter(({ id }) => !fresh.seen.has(id));
    fresh = null;
    return {
      documents: [...documents, ...gone.map((document) => ({ ...document, _deleted: true }))],
      checkpoint: { ...checkpoint, fresh: null },
    };
  }
}

/** What is in the collection. The package itself passes over those that have unsent changes. */
async function knownDocuments(collection) {
  const documents = await collection.find().exec();
  return documents.map((document) => document.toMutableJSON());
}

/** Tells of each event, and goes on until it is stopped. */
async function listen(connect, tell, signal) {
  while (!signal.aborted) {
    try {
      const response = await connect();
      if (response.ok) {
        const read = eventReader((event) => event?.name === 'resync' && tell());
        for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
          read(text);
        }
      } else {
        await response.body?.cancel();
      }
    } catch {
      // Below it is tried again.
    }
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, AGAIN_AFTER * (0.5 + Math.random()));
      signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
    });
  }
}
