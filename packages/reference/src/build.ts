import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fitPages } from './fitPages.ts';
import { callingEntries, linkedDocuments } from './places.ts';
import { readSources } from './readSources.ts';

/** Writes the pages into `dist`, which the api serves at `/docs/sdk/`. */
const out = join(import.meta.dirname, '../dist');
await rm(out, { recursive: true, force: true });

const { app, project } = await readSources(callingEntries(), linkedDocuments());
fitPages(app);
await app.generateDocs(project, out);
if (app.logger.hasErrors()) {
  throw new Error('TypeDoc could not write the reference; its complaints are above.');
}
// Copies of what a guide links to outside of these pages.
await rm(join(out, 'media'), { recursive: true, force: true });
