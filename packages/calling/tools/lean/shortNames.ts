import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Properties that begin with `_` are the library's own: nobody else looks at them, and minifiers leave them as they are. */
const ownName = /\b_[a-z]\w{2,}\b/gi;

const folder = dirname(createRequire(import.meta.url).resolve('mediasoup-client'));

/** The shortest for those that stand there most often, the same in each of its modules. */
function giveShortNames(): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  for (const file of globSync('**/*.js', { cwd: folder })) {
    for (const [name] of readFileSync(join(folder, file), 'utf8').matchAll(ownName)) {
      uses.set(name, (uses.get(name) ?? 0) + 1);
    }
  }
  const names = [...uses].toSorted(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1));

  return new Map(names.map(([name], index) => [name, `_${index.toString(36)}`]));
}

const shortNames = giveShortNames();

/** A module of mediasoup-client with short names for what is its own. */
export function withShortNames(code: string): string {
  return code.replaceAll(ownName, (name) => shortNames.get(name) ?? name);
}
