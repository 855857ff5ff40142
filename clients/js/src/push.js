// Sends what waits in the queue, until nothing waits any more.

import { delay, pause } from './backoff.js';
import { Problem } from './http.js';

const LONGEST_FOLLOW = 120_000;

/**
 * One batch at a time: a child must not arrive before its parent. An operation leaves the queue only
 * when it is answered; whatever goes wrong before, it is sent again as it is, and done once.
 *
 * @param settled is called with each answered operation: (operation as sent, answer)
 */
export async function push({ http, queue, device, save, settled, batchSize, now, signal }) {
  if (queue.unanswered > 0 && !queue.greeted) {
    queue.greet(await isKnown(http, device, signal));
  }
  let size = batchSize;
  for (;;) {
    const operations = queue.batch(size);
    if (operations.length === 0) {
      return;
    }
    await save();
    const batch = {
      batch_id: globalThis.crypto.randomUUID(),
      device_id: device,
      sent_at: new Date(now()).toISOString(),
      operations,
    };
    let answer;
    try {
      answer = await http.ask('POST', '/api/sync', { body: batch, signal });
    } catch (failed) {
      if (failed instanceof Problem && failed.status === 413) {
        if (operations.length > 1) {
          size = Math.ceil(operations.length / 2);
          continue;
        }
        await settled(operations[0], readError({ type: failed.slug, detail: failed.message }));
        continue;
      }
      throw failed;
    }
    const body =
      answer.status === 202
        ? await follow(http, answer.headers.get('Location'), now, signal)
        : answer.body;
    const answers = [
      ...body.successes.map((one) => [one.index, readSuccess(one)]),
      ...body.conflicts.map((one) => [one.index, readConflict(one)]),
      ...body.errors.map((one) => [one.index, readError(one)]),
    ].sort(([a], [b]) => a - b);
    if (answers.length === 0) {
      throw new Error('the server took a batch and answered nothing of it');
    }
    for (const [index, one] of answers) {
      await settled(operations[index], one);
    }
  }
}

/**
 * Whether the server has met a device of this name. A device that lost its storage must not count
 * from 1 again: the server would take its new edits for old ones that came late.
 */
async function isKnown(http, device, signal) {
  try {
    await http.ask('GET', `/api/sync/status/${encodeURIComponent(device)}`, { signal });
    return true;
  } catch (failed) {
    if (failed instanceof Problem && failed.status === 404) {
      return false;
    }
    throw failed;
  }
}

/** The batch is taken and not through yet: looks until it is. */
async function follow(http, location, now, signal) {
  const until = now() + LONGEST_FOLLOW;
  for (let times = 0; ; times++) {
    await pause(Math.min(delay(times), 5_000), signal);
    signal?.throwIfAborted();
    const { body } = await http.ask('GET', location, { signal });
    // After too long it is posted again; that answers what is through by then.
    if (body.settled || now() > until) {
      return body;
    }
  }
}

/** The answer as the app is told it: applied, merged, conflict or rejected. */
export function readSuccess(one) {
  return { result: 'applied', effect: true, version: one.version ?? null, details: one };
}

export function readConflict(one) {
  return {
    result: one.resolution === 'merged' ? 'merged' : 'conflict',
    effect: one.result === 'applied',
    version: one.version ?? null,
    details: one,
  };
}

export function readError(one) {
  return { result: 'rejected', effect: false, version: null, details: one };
}
