// Asks for what has changed, page by page, until there is no more.

import { Problem } from './http.js';

/**
 * @param take is called with each page: it applies it and keeps rows and cursor
 * @param after a version that was answered: the pull then has at least what it did
 * @returns how many milliseconds later to come again
 */
export async function pull({ http, replica, take, startAfresh, after = null, limit, signal }) {
  for (;;) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (replica.cursor !== null) {
      query.set('cursor', replica.cursor);
    }
    if (replica.types !== null) {
      query.set('types', replica.types.join(','));
    }
    if (after !== null) {
      query.set('min_version', after);
    }
    let page;
    try {
      page = (await http.ask('GET', `/api/sync/changes?${query}`, { signal })).body;
    } catch (failed) {
      if (isCursorRefused(failed) && replica.cursor !== null) {
        await startAfresh();
        continue;
      }
      throw failed;
    }
    after = null;
    await take(page, !page.has_more);
    if (!page.has_more) {
      return page.poll_after * 1_000;
    }
  }
}

/** 410: too old. 400: of another server, or of other types. Both are healed by a fresh start. */
export function isCursorRefused(failed) {
  return failed instanceof Problem && (failed.status === 410 || failed.status === 400);
}
