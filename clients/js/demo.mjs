// A device in a terminal.
//
//   node demo.mjs --name alice --url http://localhost:8080 --token …
//
// --storage DIR keeps its rows and what it has not sent (default: .device-<name>), --types ticket,…
// limits what it pulls (default: activity), --strategy is merge unless named.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fileStorage } from './src/file-storage.js';
import { Device, exactJson } from './src/index.js';

const { values: options } = parseArgs({
  options: {
    name: { type: 'string' },
    url: { type: 'string' },
    token: { type: 'string' },
    storage: { type: 'string' },
    types: { type: 'string', default: 'activity' },
    strategy: { type: 'string', default: 'merge' },
  },
});
if (!options.name || !options.url || !options.token) {
  console.error('usage: node demo.mjs --name NAME --url URL --token TOKEN [--types ticket,…]');
  process.exit(2);
}

const HELP = `  list [type]                         rows as this device shows them
  show <type> <id>                    all of one
  set <type> <id> field=value …       change some fields
  add <type> <id|new> field=value …   make a row
  del <type> <id>                     delete one
  offline, online                     cut the connection, and be back
  conflicts                           those that wait for a person
  resolve <number> client|server      settle one
  quit`;

const device = await Device.open({
  url: options.url,
  name: options.name,
  token: ({ refused }) => {
    if (refused) {
      say('The server does not take the token any more: quit and start with a new one.');
    }
    return options.token;
  },
  storage: fileStorage(options.storage ?? `.device-${options.name}`),
  types: options.types.split(','),
  strategy: options.strategy,
  tell,
});

const prompt = createInterface({ input: process.stdin, output: process.stdout });
prompt.setPrompt(`${options.name}> `);

/** A line above the prompt, without disturbing what is being typed. */
function say(line) {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[K${line}\n`);
    prompt.prompt(true);
  } else {
    console.log(line);
  }
}

function tell(event) {
  const what = `${event.type} ${event.id}`;
  switch (event.kind) {
    case 'row':
      return quiet || say(`  ~ ${what}: ${difference(event.before, event.row)}`);
    case 'applied':
      return say(`  ✓ ${event.operation.operation} of ${what} is through`);
    case 'merged':
      return say(`  ✓ ${what} met another change of ${event.answer.conflicting_fields.join(', ')}: both are merged`);
    case 'conflict': {
      const { resolution, conflicting_fields: fields, reason } = event.answer;
      const end = resolution === 'open' ? 'waits for a person' : `stands as the ${resolution} had it`;
      return say(`  ! ${what} met another change of ${fields.join(', ') || 'the row'}: ${end} (${reason})`);
    }
    case 'rejected':
      return say(`  ✗ ${what}: ${event.answer.detail}`);
    case 'state':
      return say(`  · ${event.state}`);
    default:
      return say(`  · ${event.problem.message}; trying again`);
  }
}

function difference(before, row) {
  if (row === null) {
    return 'gone';
  }
  if (before === null) {
    return brief(row);
  }
  return Object.keys({ ...before, ...row })
    .filter((f) => exactJson.stringify(before[f] ?? null) !== exactJson.stringify(row[f] ?? null))
    .map((f) => `${f} ${show(before[f])} → ${show(row[f])}`)
    .join(', ');
}

const show = (value) => (value === undefined ? 'unset' : exactJson.stringify(value));

const brief = (row) =>
  ['title', 'subject', 'name', 'status', 'state', 'visits', 'notes']
    .filter((field) => row[field] !== undefined && row[field] !== null)
    .map((field) => `${field}=${show(row[field])}`)
    .join(' ');

/** What JSON understands is JSON, and the rest is text: visits=7, title="7", notes=Closed. */
function fields(words) {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? fail(`'${word}' is not field=value`);
      try {
        return [name, exactJson.parse(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}

function fail(sentence) {
  throw new Error(sentence);
}

const commands = {
  list: (type = options.types.split(',')[0]) => {
    device.list(type).forEach(([id, row]) => console.log(`  ${id.padStart(6)}  ${brief(row)}`));
  },
  show: (type, id) => console.log(device.get(type, id) ?? `  there is no ${type} ${id}`),
  set: (type, id, ...words) => device.update(type, id, fields(words)),
  add: (type, id, ...words) => device.create(type, fields(words), id === 'new' ? undefined : id),
  del: (type, id) => device.remove(type, id),
  offline: () => device.stop(),
  online: () => device.start(),
  conflicts: () => {
    device.conflicts.forEach(({ entity_type, entity_id, conflicting_fields, client_data, server_data }, at) => {
      const both = conflicting_fields.map((f) => `${f}: ${show(client_data[f])} or ${show(server_data?.[f])}`);
      console.log(`  ${at + 1}  ${entity_type} ${entity_id}  ${both.join(', ')}`);
    });
    console.log(`  ${device.conflicts.length} open, ${device.unanswered} not sent yet`);
  },
  resolve: (number, resolution) => {
    const conflict = device.conflicts[Number(number) - 1] ?? fail('there is no such conflict');
    return device.resolve(conflict.conflict_id, resolution);
  },
  help: () => console.log(HELP),
  quit: () => prompt.close(),
};

/** Words, with quotes around what has spaces: notes="Gate is closed". */
const words = (line) =>
  (line.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? []).map((word) => {
    const quoted = /^([^=]+=)"(.*)"$/s.exec(word);
    return quoted && /\s/.test(quoted[2]) ? quoted[1] + quoted[2] : word;
  });

// The first pull may bring thousands of rows; from then on each is told.
let quiet = device.list(options.types.split(',')[0]).length === 0;
await device.sync().catch((failed) => say(`  · ${failed.message}`));
quiet = false;
say(`  ${device.list(options.types.split(',')[0]).length} rows; 'help' tells the commands`);
device.start();

prompt.prompt();
for await (const line of prompt) {
  const [name, ...rest] = words(line);
  try {
    if (name) {
      await (commands[name] ?? fail(`'${name}' is no command; try help`))(...rest);
    }
  } catch (wrong) {
    console.log(`  ${wrong.message}`);
  }
  if (name === 'quit') {
    break;
  }
  prompt.prompt();
}
await device.stop();
