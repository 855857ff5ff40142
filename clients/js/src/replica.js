// The rows that the server has told, and how far it has told them.

const address = (type, id) => `${type}/${id}`;

const parts = (key) => {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
};

export class Replica {
  #rows;
  #round;
  #complete;

  /** `saved` is what `state()` said; `types` are the entity types wanted, null for all. */
  constructor(saved, types = null) {
    this.#rows = new Map(saved?.rows ?? []);
    this.#round = saved?.round ?? 1;
    this.#complete = saved?.complete ?? false;
    this.cursor = saved?.cursor ?? null;
    this.types = types;
    // A cursor goes on with the types that it began with.
    if (saved && JSON.stringify(saved.types) !== JSON.stringify(types)) {
      this.startAfresh();
    }
  }

  state() {
    return {
      rows: [...this.#rows],
      round: this.#round,
      complete: this.#complete,
      cursor: this.cursor,
      types: this.types,
    };
  }

  /** {version, data}, or null. */
  get(type, id) {
    return this.#rows.get(address(type, id)) ?? null;
  }

  ids(type) {
    const prefix = address(type, '');
    return [...this.#rows.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  }

  /**
   * The cursor is of no use any more. The rows stay on the screen meanwhile, but those that the
   * fresh start does not bring again were deleted, or are no longer this device's to see.
   */
  startAfresh() {
    this.cursor = null;
    this.#round++;
    this.#complete = false;
  }

  /** Takes changes in, in their order, and where to go on. Rows and cursor belong together. */
  apply({ changes, cursor }) {
    for (const { type, id, kind, version, data } of changes) {
      const key = address(type, id);
      switch (kind) {
        case 'put': {
          const row = this.#rows.get(key);
          // What is told again after a lost connection may be older than what is here.
          if (!row || row.round < this.#round || row.version <= version) {
            this.#rows.set(key, { version, data, round: this.#round });
          }
          break;
        }
        case 'remove':
          this.#rows.delete(key);
          break;
        default:
          // To pass it over would lose its effect.
          throw new Error(`a change of the kind '${kind}' is not known: this client is too old`);
      }
    }
    this.cursor = cursor;
  }

  /** What a fresh start has not brought so far, as [type, id]. */
  outdated() {
    return this.#complete
      ? []
      : [...this.#rows].filter(([, row]) => row.round < this.#round).map(([key]) => parts(key));
  }

  /** Everything there was has been told: what a fresh start did not bring is not there any more. */
  complete() {
    this.outdated().forEach(([type, id]) => this.#rows.delete(address(type, id)));
    this.#complete = true;
  }
}
