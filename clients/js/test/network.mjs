// A network between a device and the server that can be cut, and that can lose an answer.

export class Network {
  #cut = new AbortController();
  #sockets = new Set();
  #lose = null;
  posts = 0;

  /** From now on nothing goes through, and what was going on is torn. */
  cut() {
    this.#cut.abort(new TypeError('the network was cut'));
    this.#sockets.forEach((socket) => socket.close());
  }

  mend() {
    this.#cut = new AbortController();
  }

  /** The next request with this method reaches the server, and its answer does not come back. */
  loseAnswerTo(method) {
    this.#lose = method;
  }

  fetch = async (url, options) => {
    this.#cut.signal.throwIfAborted();
    const signal = AbortSignal.any([options.signal, this.#cut.signal]);
    const response = await fetch(url, { ...options, signal });
    this.posts += options.method === 'POST' ? 1 : 0;
    if (this.#lose === options.method) {
      this.#lose = null;
      await response.text();
      throw new TypeError('the answer was lost');
    }
    return response;
  };

  /** The class WebSocket as this network has it; null where there is none. */
  get WebSocket() {
    if (!globalThis.WebSocket) {
      return null;
    }
    const isCut = () => this.#cut.signal.aborted;
    const sockets = this.#sockets;
    return class extends globalThis.WebSocket {
      constructor(...arguments_) {
        super(...arguments_);
        sockets.add(this);
        this.addEventListener('close', () => sockets.delete(this));
        if (isCut()) {
          this.close();
        }
      }
    };
  }
}
