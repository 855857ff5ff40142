// How long to wait before trying again.

const FIRST = 500;
const LONGEST = 60_000;

/**
 * Milliseconds before the next attempt, after `failures` in a row. It doubles, and a good part of
 * it is chance: devices that lost the server at the same moment must not come back at the same one.
 * What the server asked for (Retry-After) is the least.
 */
export function delay(failures, { retryAfter = 0, random = Math.random } = {}) {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 20));
  const chance = most * (0.5 + random() / 2);
  return Math.round(retryAfter > 0 ? retryAfter + random() * Math.min(most, 5_000) : chance);
}

/** Retry-After in milliseconds: seconds, or a date; 0 if there is none. */
export function retryAfter(header, now) {
  if (!header) {
    return 0;
  }
  if (/^\s*\d+\s*$/.test(header)) {
    return Number(header) * 1_000;
  }
  const until = Date.parse(header);
  return Number.isNaN(until) ? 0 : Math.max(0, until - now);
}

/** Rings for whoever waits; what rang before is heard by the next who waits. */
export class Bell {
  #rung = false;
  #wake = null;

  ring() {
    this.#rung = true;
    this.#wake?.();
  }

  /** Waits until it rings, the time is over, or the signal stops it. */
  async wait(milliseconds, signal) {
    if (!this.#rung && !signal?.aborted) {
      await new Promise((resolve) => {
        const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : null;
        this.#wake = resolve;
        signal?.addEventListener('abort', resolve, { once: true });
        this.#done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', resolve);
        };
      });
      this.#done();
      this.#wake = null;
    }
    this.#rung = false;
  }

  #done = () => {};
}

/** Waits that long, or until the signal stops it. */
export function pause(milliseconds, signal) {
  return new Bell().wait(milliseconds, signal);
}
