import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiText, typesIn } from './apiText.ts';

const folder = join(import.meta.dirname, '..');
await writeFile(join(folder, 'etc/calling.api.md'), apiText(await typesIn(join(folder, 'dist'))));
