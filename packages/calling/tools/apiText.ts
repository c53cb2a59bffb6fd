/**
 * The report of what applications can see of the SDK, made of its rolled-up types: what they say about it is left
 * out, so that a sentence put better is no change of the surface.
 */
export function apiText(types: string): string {
  const declarations = types
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .split('\n')
    .filter((line) => !/^\s*(\/\/.*)?$/.test(line))
    .map((line) => line.trimEnd());

  return [
    '# The surface of @parley/calling',
    '',
    'Written by `npm run api --workspace=@parley/calling`; a test compares. What each member means is said in the reference,',
    'which a running server shows at `/docs/sdk/`.',
    '',
    '```ts',
    ...declarations,
    '```',
    '',
  ].join('\n');
}
