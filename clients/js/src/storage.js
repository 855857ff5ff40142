// Where a device keeps what must outlive it. A storage is two functions over named texts:
//
//   read(name)         → the text that was written last, or null
//   write(name, text)  → done when it would survive a crash; all of it or nothing
//
// In a browser that is a few lines over IndexedDB, on a phone a table of two columns. An app with
// many rows keeps them in its own database instead; what matters is that the rows and the cursor
// change in one transaction, which is why they are one document here.

/** Forgets with the process: for tests. */
export function memoryStorage() {
  const texts = new Map();
  return {
    read: async (name) => texts.get(name) ?? null,
    write: async (name, text) => void texts.set(name, text),
  };
}

/** One named text and what it says. Writes of the same document never overtake one another. */
export class Document {
  #storage;
  #name;
  #json;
  #last = Promise.resolve();
  #next = null;

  constructor(storage, name, json) {
    this.#storage = storage;
    this.#name = name;
    this.#json = json;
  }

  async load() {
    const text = await this.#storage.read(this.#name);
    return text === null ? null : this.#json.parse(text);
  }

  /** Done when what `state()` says at some moment after this call is written. */
  save(state) {
    // Whoever comes while a write is going on shares the next one.
    this.#next ??= this.#last
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#last = this.#storage.write(this.#name, this.#json.stringify(state()));
        return this.#last;
      });
    return this.#next;
  }
}
