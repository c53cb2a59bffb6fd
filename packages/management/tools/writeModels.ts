import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsText } from './modelsText.ts';

await writeFile(join(import.meta.dirname, '../src/models.ts'), await modelsText());
