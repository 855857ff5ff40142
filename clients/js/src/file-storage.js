// A storage in a directory, for Node.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

export function fileStorage(directory) {
  const file = (name) => path.join(directory, `${name}.json`);
  return {
    async read(name) {
      try {
        return await readFile(file(name), 'utf8');
      } catch (failed) {
        if (failed.code === 'ENOENT') {
          return null;
        }
        throw failed;
      }
    },

    /** Under another name first: a crash leaves the old text or the new one, never a half. */
    async write(name, text) {
      await mkdir(directory, { recursive: true });
      const written = await open(`${file(name)}.new`, 'w');
      try {
        await written.writeFile(text);
        await written.sync();
      } finally {
        await written.close();
      }
      await rename(`${file(name)}.new`, file(name));
    },
  };
}
