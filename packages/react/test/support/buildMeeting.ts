import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { meeting } from './readme.ts';

/** From where the script's imports are found. */
const folder = resolve(import.meta.dirname, '../..');

/** As an application begins it; `roomId` is a global of the page. */
const main = `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './meeting.tsx';
createRoot(document.querySelector('#root')).render(<StrictMode><App roomId={roomId} /></StrictMode>);`;

const modules = new Map([
  [join(folder, 'main.tsx'), main],
  [join(folder, 'meeting.tsx'), meeting],
]);

const readModules: Plugin = {
  name: 'read-modules',
  enforce: 'pre',
  resolveId: (id, importer) => {
    const path = resolve(importer === undefined ? folder : join(importer, '..'), id);

    return modules.has(path) ? path : undefined;
  },
  load: (id) => modules.get(id),
};

/** The meeting of the README as one script, with the React that mounts everything twice under StrictMode. */
export async function buildMeeting(): Promise<string> {
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [readModules],
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: join(folder, 'main.tsx'), output: { codeSplitting: false } },
    },
  });
  const [script] = 'output' in built ? built.output : [];
  if (script === undefined) {
    throw new Error('Vite has built no script.');
  }

  return script.code;
}
