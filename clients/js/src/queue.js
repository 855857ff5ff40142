// What the device did and the server has not answered yet, and how that lies over the server's rows.
// Nothing here waits or asks anybody: it is all decided from what it holds.

/**
 * Operations in the order in which they were made, each as it will be sent. Once it was sent it is
 * never changed again, because the server knows it by key and content.
 */
export class Queue {
  #operations;
  #sequence;

  /** `saved` is what `state()` said. */
  constructor(saved) {
    this.#operations = saved?.operations ?? [];
    // The number of the next operation; null if this device does not number them.
    this.#sequence = saved?.sequence ?? null;
    this.greeted = saved?.greeted ?? false;
  }

  state() {
    return { operations: this.#operations, sequence: this.#sequence, greeted: this.greeted };
  }

  /** The server was asked whether it knows this device: only an unknown one counts from 1. */
  greet(known) {
    this.greeted = true;
    this.#sequence = known ? null : 1;
  }

  /**
   * Adds an operation to what the device did.
   *
   * @param seen the row as the person saw it, and `version`, that of the server's row beneath
   */
  add({ type, id, operation, data, strategy, key, at }, seen) {
    const wire = {
      entity_type: type,
      entity_id: id,
      operation,
      ...(operation === 'delete' ? {} : { data }),
      client_timestamp: at,
      idempotency_key: key,
      conflict_resolution_strategy: strategy,
    };
    const base = this.#base(wire, seen.version);
    if (base !== null) {
      wire.base_version = base;
    }
    if (operation === 'update' && (strategy === 'merge' || strategy === 'manual')) {
      // What counters and lists count from is what was on the screen.
      wire.base_data = Object.fromEntries(
        Object.keys(data).flatMap((f) => (seen.row[f] === undefined ? [] : [[f, seen.row[f]]])),
      );
    }
    this.#operations.push({ wire, answered: null });
  }

  /**
   * The version that the person had seen of the fields that this operation is about. Where an
   * earlier operation of this device hides the server's value, that is what the earlier one was
   * made upon: to name the row's newer version would claim to have seen what it hid. It is no
   * conflict either, because the server knows a device's own changes.
   */
  #base(wire, version) {
    for (const { wire: earlier } of this.#of(wire.entity_type, wire.entity_id)) {
      const hides =
        wire.operation === 'delete' ||
        earlier.operation !== 'update' ||
        Object.keys(wire.data).some((field) => field in earlier.data);
      if (hides) {
        return earlier.base_version ?? null;
      }
    }
    return wire.operation === 'create' ? null : version;
  }

  #of(type, id) {
    return this.#operations.filter(
      ({ wire }) => wire.entity_type === type && wire.entity_id === id,
    );
  }

  /** The server's row, or null, with this device's own operations upon it. */
  overlay(type, id, row) {
    return this.#of(type, id).reduce((seen, { wire }) => {
      switch (wire.operation) {
        case 'create':
          return { ...seen, ...wire.data };
        case 'update':
          // The row is gone meanwhile. What becomes of the edit is for the server to say.
          return seen === null ? null : { ...seen, ...wire.data };
        default:
          return null;
      }
    }, row);
  }

  /** The entities that have operations, as [type, id]. */
  touched() {
    return this.#operations.map(({ wire }) => [wire.entity_type, wire.entity_id]);
  }

  /** How many wait for an answer. */
  get unanswered() {
    return this.#operations.filter(({ answered }) => answered === null).length;
  }

  /** The next operations to send, as they are to be sent. Save the queue before sending them. */
  batch(limit) {
    const wires = this.#operations
      .filter(({ answered }) => answered === null)
      .slice(0, limit)
      .map(({ wire }) => wire);
    for (const wire of wires) {
      if (this.#sequence !== null && wire.sequence === undefined) {
        wire.sequence = this.#sequence++;
      }
    }
    return wires;
  }

  /**
   * An operation was answered. If it had an effect it stays over the server's row until the row
   * with that effect has been pulled: else the screen would jump back for a moment.
   *
   * @param rowVersion the version of the row that has been pulled, or null
   * @returns the operation as it was sent; null if nobody waits for it
   */
  answer(key, { effect, version = null }, rowVersion) {
    const at = this.#operations.findIndex(
      ({ wire, answered }) => wire.idempotency_key === key && answered === null,
    );
    if (at < 0) {
      return null;
    }
    const { wire } = this.#operations[at];
    const pulled = version !== null && rowVersion !== null && rowVersion >= version;
    if (effect && !pulled) {
      this.#operations[at].answered = { version };
    } else {
      this.#operations.splice(at, 1);
    }
    return wire;
  }

  /** A change of this entity was pulled: what was answered with no later version is in it. */
  pulled(type, id, version) {
    this.#drop(
      ({ wire, answered }) =>
        wire.entity_type === type &&
        wire.entity_id === id &&
        (answered.version === null || answered.version <= version),
    );
  }

  /** Keys of operations that are answered, to be shown as pulled later. */
  get answeredKeys() {
    return new Set(
      this.#operations
        .filter(({ answered }) => answered !== null)
        .map(({ wire }) => wire.idempotency_key),
    );
  }

  /** A pull that began after these were answered is through: all that they did is pulled. */
  allPulled(keys) {
    this.#drop(({ wire }) => keys.has(wire.idempotency_key));
  }

  #drop(isPulled) {
    this.#operations = this.#operations.filter((one) => one.answered === null || !isPulled(one));
  }
}
