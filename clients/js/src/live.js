// Changes as they happen, over a WebSocket or, where there is none, over Server-Sent Events. Either
// begins where the cursor is, so nothing between two connections is missed and none comes twice
// for good.

import { Problem } from './http.js';

/** The server speaks every 20 seconds at least. A peer that does not is gone, whatever TCP says. */
const LONGEST_SILENCE = 45_000;

/**
 * Follows the changes until the connection ends, and says how it ended: `expired` (the cursor),
 * `unauthenticated`, `refused` (what we sent), `slow` (we were; pull), `lost`, or `stopped`.
 * `heard` says whether the server spoke at all.
 *
 * @param take is awaited for each message, in order: {type: changes, caught_up, outcome, heartbeat}
 * @param WebSocket the class of that name: a browser's, Node's from 22 on, or that of the package ws
 */
export async function follow({ http, replica, take, WebSocket, json, signal, silence = LONGEST_SILENCE }) {
  if (signal.aborted) {
    return { reason: 'stopped', heard: false };
  }
  let heard = false;
  const ended = new AbortController();
  let why = 'lost';
  const end = (reason) => {
    if (!ended.signal.aborted) {
      why = reason;
      ended.abort();
    }
  };
  const stop = () => end('stopped');
  signal.addEventListener('abort', stop, { once: true });

  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => end('lost'), silence);
  };
  // One message after the other: the second may rest upon what the first one did.
  let taking = Promise.resolve();
  const on = (message) => {
    alive();
    heard = true;
    taking = taking
      .then(() => (message.type === 'error' ? end(reasonOf(message.problem)) : take(message)))
      .catch((failed) => end(failed));
  };

  alive();
  try {
    if (WebSocket) {
      await overWebSocket({ http, replica, WebSocket, json, on, alive, end, ended: ended.signal });
    } else {
      await overEvents({ http, replica, json, on, alive, ended: ended.signal });
    }
    end('lost');
  } catch (failed) {
    end(failed instanceof Problem ? reasonOf(failed) : 'lost');
  } finally {
    clearTimeout(watch);
    signal.removeEventListener('abort', stop);
  }
  await taking;
  if (why instanceof Error) {
    throw why;
  }
  return { reason: why, heard };
}

async function overWebSocket({ http, replica, WebSocket, json, on, alive, end, ended }) {
  const url = `${http.url.replace(/^http/, 'ws')}/api/sync/live`;
  const bearer = await http.bearer();
  if (ended.aborted) {
    return;
  }
  // A browser can send no header with it, so the token travels as the name of a protocol.
  const socket = new WebSocket(url, ['tidemark.v1', `tidemark.bearer.${bearer}`]);
  await new Promise((resolve) => {
    ended.addEventListener('abort', resolve, { once: true });
    socket.onopen = () => {
      alive();
      const subscription = { type: 'subscribe' };
      if (replica.cursor !== null) {
        subscription.cursor = replica.cursor;
      }
      if (replica.types !== null) {
        subscription.types = replica.types;
      }
      socket.send(JSON.stringify(subscription));
    };
    socket.onmessage = ({ data }) => {
      const message = json.parse(data);
      if (message.type === 'heartbeat') {
        socket.send('{"type":"heartbeat"}');
      }
      on(message);
    };
    // What was wrong is told by the close that follows.
    socket.onerror = () => {};
    socket.onclose = ({ code }) => {
      end(CLOSED[code] ?? 'lost');
      resolve();
    };
  });
  socket.onmessage = null;
  socket.close();
}

async function overEvents({ http, replica, json, on, alive, ended }) {
  const query = new URLSearchParams();
  if (replica.cursor !== null) {
    query.set('cursor', replica.cursor);
  }
  if (replica.types !== null) {
    query.set('types', replica.types.join(','));
  }
  const response = await http.open('GET', `/api/sync/live?${query}`, {
    headers: { Accept: 'text/event-stream' },
    signal: ended,
    endless: true,
  });
  if (!response.ok) {
    throw http.problem(response, await response.text());
  }
  const read = eventReader((event) => {
    alive();
    if (event !== null) {
      on({ type: event.name, cursor: event.id, ...json.parse(event.data || '{}') });
    } else {
      on({ type: 'heartbeat' });
    }
  });
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    read(text);
  }
}

/** Cuts a stream of Server-Sent Events; tells {name, id, data}, and null for a comment. */
export function eventReader(tell) {
  let rest = '';
  let event = {};
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (event.event !== undefined || event.data !== undefined) {
          tell({ name: event.event ?? 'message', id: event.id, data: event.data ?? '' });
        }
        event = {};
      } else if (line.startsWith(':')) {
        tell(null);
      } else {
        const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
        event[name] = name === 'data' && event.data !== undefined ? `${event.data}\n${value}` : value;
      }
    }
  };
}

const CLOSED = { 4400: 'refused', 4401: 'unauthenticated', 4408: 'slow', 4410: 'expired' };

/** A problem says by its status what a closed socket says by its code. */
function reasonOf({ status }) {
  return { 400: 'refused', 401: 'unauthenticated', 410: 'expired' }[status] ?? 'lost';
}
