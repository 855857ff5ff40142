// The activities of the reference catalog as an RxDB app would have them, in memory.

import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';

const text = { type: ['string', 'null'] };
const whole = { type: ['integer', 'null'] };

export const SCHEMA = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 512 },
    municipality_id: whole,
    kind: text,
    title: text,
    status: text,
    planned_for: text,
    started_at: text,
    visits: whole,
    tags: { type: ['array', 'null'], items: { type: 'string' } },
    details: { type: ['object', 'null'] },
    notes: text,
    tidemark_version: text,
    tidemark_edit: text,
  },
  required: ['id'],
};

let count = 0;

export async function openCollection() {
  const database = await createRxDatabase({
    name: `interop-${++count}-${Date.now()}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const { activity } = await database.addCollections({ activity: { schema: SCHEMA } });
  return activity;
}

export async function row(collection, id) {
  const document = await collection.findOne(String(id)).exec();
  return document?.toMutableJSON() ?? null;
}

export async function rowsById(collection) {
  const documents = await collection.find().exec();
  return Object.fromEntries(documents.map((document) => [document.id, document.toMutableJSON()]));
}

export async function update(collection, id, values) {
  const document = await collection.findOne(String(id)).exec();
  await document.incrementalPatch(values);
}

export async function remove(collection, id) {
  await (await collection.findOne(String(id)).exec()).incrementalRemove();
}
