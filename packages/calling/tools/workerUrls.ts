import type { Plugin } from 'rolldown';
import { workers } from './entries.ts';

/** As bundlers know it, those of an application, too. */
const workerUrl = /new URL\(\s*(['"])([^'"]*\/)?([^'"/]+\.worker)\.ts\1,\s*import\.meta\.url,?\s*\)/g;

/**
 * Lets `new Worker(new URL('./frames.worker.ts', import.meta.url), { type: 'module' })` of the sources find the
 * worker's own file.
 * @param before Of a source, what stands in the place of `'./` before the file's name.
 */
export const workerUrls = (before: (source: string) => string): Plugin => ({
  name: 'worker-urls',
  transform: {
    // Before the bundler takes the source for a file to copy.
    order: 'pre',
    filter: { id: /\/src\/.*\.ts$/, code: /\.worker\.ts/ },
    handler: (code, id) => ({
      code: code.replaceAll(workerUrl, (_text, _quote, _folder, name: string) => {
        const worker = workers.find((each) => each.name === name);
        if (worker === undefined) {
          throw new Error(`There is no src/**/${name}.ts.`);
        }

        return `new URL(${before(id)}${worker.file}', import.meta.url)`;
      }),
      map: null,
    }),
  },
});
