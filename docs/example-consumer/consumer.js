// Prints the changes of some entity types as they are committed, and stops if a promise is broken.
//
//   node consumer.js <brokers> <type> [<type> ...]
//
// It starts at the beginning of the topics every time. A real consumer keeps the version it has
// applied for each entity, where it keeps its own state, and passes over what is not newer.

import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import { randomUUID } from 'node:crypto';
import { Checks, line, readChange } from './change.js';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

// Changes are compressed with lz4, for which kafkajs wants to be told a library.
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: async (encoder) => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer)),
});

const [brokers, ...types] = process.argv.slice(2);
if (!brokers || types.length === 0) {
  console.error('usage: node consumer.js <brokers> <type> [<type> ...]');
  process.exit(2);
}

const kafka = new Kafka({
  clientId: 'example-consumer',
  brokers: brokers.split(','),
  logLevel: logLevel.ERROR,
});
const consumer = kafka.consumer({
  groupId: `example-${randomUUID()}`,
  // Without this one also sees changes whose Kafka transaction was given up and sent again.
  readUncommitted: false,
});

async function stop(code) {
  await consumer.disconnect();
  console.error(checks.summary());
  process.exit(code);
}

const checks = new Checks();
await consumer.connect();
await consumer.subscribe({
  topics: types.map((type) => `tidemark.change.${type}`),
  fromBeginning: true,
});
process.once('SIGINT', () => stop(0));
process.once('SIGTERM', () => stop(0));

await consumer.run({
  eachMessage: async ({ topic, partition, message }) => {
    try {
      const change = readChange(message);
      checks.check(topic, partition, change);
      console.log(line(change));
    } catch (broken) {
      console.error(`${topic}-${partition}@${message.offset}: ${broken.message}`);
      setImmediate(() => stop(1));
      throw broken;
    }
  },
});
