/** What the compiler of TypeScript puts before the code. */
const helpers =
  /^"use strict";\n|^var __\w+ = \(this[^]*?^\}[()]*;\n|^Object\.defineProperty\(exports, "__esModule".*\n/gm;
const required = /^(?:const|var) (\w+) = (?:__import(?:Star|Default)\()?require\(("[^"]+")\)+;$/gm;
const exported = /\bexports\.(\w+) = /g;

/**
 * A module that TypeScript has compiled to CommonJS, as the ES module it was: of those a bundler leaves out what nobody
 * uses, and lets names be short.
 * @throws Error for one that it cannot read so.
 */
export function asEsModule(code: string): string {
  const names = new Set([...code.matchAll(exported)].map(([, name]) => name));
  const module = code
    .replaceAll(helpers, '')
    .replaceAll(required, 'import * as $1 from $2;')
    .replaceAll(/^(?:exports\.\w+ = )+void 0;$/gm, '')
    .replaceAll(/^exports\.(\w+) = \1;$/gm, '')
    .replaceAll(/\bexports\.(\w+) = (?=\1 = )/g, '');
  if (/\b(exports|require|module)\b[.(]/.test(module)) {
    throw new Error('This is no module that can be read as an ES module.');
  }

  return `${module}\nexport { ${[...names].join(', ')} };`;
}
