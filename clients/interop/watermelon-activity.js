// The activities of the reference catalog as a WatermelonDB app would have them, in memory.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Database, Model, appSchema, tableSchema } = require('@nozbe/watermelondb');
const LokiJSAdapter = require('@nozbe/watermelondb/adapters/lokijs').default;
const { LokiMemoryAdapter } = require('lokijs');
const { logger } = require('@nozbe/watermelondb/utils/common');

logger.silence();

const text = (name) => ({ name, type: 'string', isOptional: true });
const number = (name) => ({ name, type: 'number', isOptional: true });

const COLUMNS = [
  number('municipality_id'),
  text('kind'),
  text('title'),
  text('status'),
  text('planned_for'),
  number('started_at'),
  number('visits'),
  text('tags'),
  text('details'),
  text('notes'),
  text('tidemark_version'),
  { name: 'updated_at', type: 'number' },
];

class Activity extends Model {
  static table = 'activity';

  /** The package sets the column with every edit, because this is there. */
  get updatedAt() {
    return new Date(this._getRaw('updated_at'));
  }
}

let count = 0;

export function openDatabase() {
  const schema = appSchema({ version: 1, tables: [tableSchema({ name: 'activity', columns: COLUMNS })] });
  const adapter = new LokiJSAdapter({
    schema,
    dbName: `interop-${++count}`,
    useWebWorker: false,
    useIncrementalIndexedDB: true,
    _testLokiAdapter: new LokiMemoryAdapter(),
    extraLokiOptions: { autosave: false },
  });
  return new Database({ adapter, modelClasses: [Activity] });
}

const activities = (database) => database.get('activity');

export const set = (record, values) =>
  Object.entries(values).forEach(([column, value]) => record._setRaw(column, value));

export const create = (database, id, values) =>
  database.write(() =>
    activities(database).create((record) => {
      record._raw.id = String(id);
      set(record, values);
    }),
  );

export const update = (database, id, values) =>
  database.write(async () => (await activities(database).find(String(id))).update((r) => set(r, values)));

export const remove = (database, id) =>
  database.write(async () => (await activities(database).find(String(id))).markAsDeleted());

/** What a person sees of a row, or null. */
export async function row(database, id) {
  const rows = await rowsById(database);
  return rows[id] ?? null;
}

export async function rowsById(database) {
  const records = await activities(database).query().fetch();
  return Object.fromEntries(records.map((record) => [record.id, { ...record._raw }]));
}
