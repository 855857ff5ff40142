// Requests with a token, and what can go wrong with them.

import { retryAfter } from './backoff.js';

const PATIENCE = 45_000;

/** The server's answer was no. `slug` is the type of problem, such as `cursor-expired`. */
export class Problem extends Error {
  constructor(status, body, wait) {
    super(body?.detail ?? body?.title ?? `the server answered ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.slug = body?.type?.split('/').pop() ?? null;
    this.errors = body?.errors ?? [];
    this.retryAfter = wait;
  }
}

export class Http {
  #url;
  #token;
  #json;
  #fetch;
  #now;
  #bearer = null;
  #refused = null;

  /** `token({refused})` gives a token; `refused` is the one that the server did not take. */
  constructor({ url, token, json, fetch, now }) {
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
    this.#json = json;
    this.#fetch = fetch;
    this.#now = now;
  }

  get url() {
    return this.#url;
  }

  /** Asked before each request: an app that has a new token, with other rights, just gives it. */
  async bearer() {
    this.#bearer = await this.#token({ refused: this.#refused });
    this.#refused = null;
    return this.#bearer;
  }

  /** The server did not take the token: the app is asked for another one. */
  renew() {
    this.#refused = this.#bearer;
  }

  /** {status, headers, body}; throws a Problem, or what fetch throws if nobody answers. */
  async ask(method, path, { body, headers = {}, signal } = {}) {
    const send = () => this.open(method, path, { body, headers, signal });
    let response = await send();
    if (response.status === 401) {
      await response.body?.cancel();
      this.renew();
      response = await send();
    }
    const text = await response.text();
    if (!response.ok) {
      throw this.problem(response, text);
    }
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : this.#json.parse(text),
    };
  }

  /** The response itself, whatever it says; `endless` for one that never ends. */
  async open(method, path, { body, headers = {}, signal, endless = false }) {
    const timeout = endless ? [] : [AbortSignal.timeout(PATIENCE)];
    return this.#fetch(new URL(path, `${this.#url}/`), {
      method,
      headers: {
        Authorization: `Bearer ${await this.bearer()}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : this.#json.stringify(body),
      signal: AbortSignal.any([...(signal ? [signal] : []), ...timeout]),
    });
  }

  problem(response, text) {
    let body = null;
    try {
      body = this.#json.parse(text);
    } catch {
      // A proxy in between may answer in HTML.
    }
    return new Problem(
      response.status,
      body,
      retryAfter(response.headers.get('Retry-After'), this.#now()),
    );
  }
}
