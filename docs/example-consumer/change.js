// What a record says, and the promises that it must keep.

import jsonBigint from 'json-bigint';

// Numbers above 2^53 would lose their last digits as JavaScript numbers: those become BigInt.
const json = jsonBigint({ useNativeBigInt: true });

const KINDS = ['read', 'insert', 'update', 'delete', 'truncate'];

/** A record's change: the value, the key it was under, and its CloudEvents attributes. */
export function readChange(message) {
  const event = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (name.startsWith('ce_')) {
      event[name.slice(3)] = value.toString();
    }
  }
  const change = json.parse(message.value.toString());
  return { ...change, key: message.key === null ? null : message.key.toString(), event };
}

/** A line for a human. */
export function line({ kind, key, type, version, changed, before, after }) {
  const what = key ?? `all of ${type}`;
  switch (kind) {
    case 'update': {
      const fields = changed.map((f) => `${f}: ${show(before?.[f])} → ${show(after[f])}`);
      return `${version} update   ${what}  ${fields.join(', ')}`;
    }
    case 'read':
    case 'insert':
      return `${version} ${kind.padEnd(8)} ${what}  ${show(after)}`;
    default:
      return `${version} ${kind.padEnd(8)} ${what}`;
  }
}

/** JSON again, with every digit. */
export function show(value) {
  return value === undefined ? 'unknown' : json.stringify(value);
}

/** Keeps count, and throws where a record breaks a promise of the contract. */
export class Checks {
  #versions = new Map();
  #partitions = new Map();
  #ids = new Set();
  #changes = 0;

  check(topic, partition, change) {
    const { kind, key, type, id, version, event } = change;
    // A kind that is not known must not be passed over: its effect would be lost.
    expect(KINDS.includes(kind), `the kind '${kind}' is not known`);
    expect(topic === `tidemark.change.${type}`, `a change of ${type} is on the topic ${topic}`);
    expect(event.type === `dev.tidemark.change.${kind}.v1`, `ce_type is '${event.type}'`);

    const place = `${event.id}#${kind === 'truncate' ? partition : key}`;
    expect(!this.#ids.has(place), `the event ${event.id} came twice`);
    this.#ids.add(place);
    this.#changes++;

    if (kind === 'truncate') {
      expect(key === null && id === null, 'a truncate has no key');
      return;
    }
    expect(key === `${type}/${id}`, `the key is '${key}', the value is of ${type}/${id}`);
    const home = this.#partitions.get(key) ?? partition;
    expect(home === partition, `${key} is in the partitions ${home} and ${partition}`);
    this.#partitions.set(key, partition);

    const before = this.#versions.get(key);
    // What a snapshot reads is older than every change of its epoch: it fills in what is absent.
    if (kind === 'read' && before !== undefined) {
      return;
    }
    expect(
      before === undefined || before < version,
      `${key} went from version ${before} to ${version}`,
    );
    this.#versions.set(key, version);
  }

  summary() {
    return `${this.#changes} changes of ${this.#versions.size} entities: keys, order and versions as promised`;
  }
}

function expect(holds, otherwise) {
  if (!holds) {
    throw new Error(otherwise);
  }
}
