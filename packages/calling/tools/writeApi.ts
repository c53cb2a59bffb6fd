import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiText } from './apiText.ts';

const folder = join(import.meta.dirname, '..');
const types = await readFile(join(folder, 'dist/index.d.ts'), 'utf8');
await writeFile(join(folder, 'etc/calling.api.md'), apiText(types));
