/** A path of the API whose values are ids: each is one segment, whatever characters it has. */
export function path(texts: TemplateStringsArray, ...ids: readonly string[]): string {
  return texts.reduce((text, part, index) => text + encodeId(ids[index - 1]) + part);
}

/** An empty id, or one of dots, would make another path of it: that is a mistake of the caller. */
function encodeId(id: string | undefined): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..') {
    throw new TypeError(`${JSON.stringify(id)} is not an id.`);
  }

  return encodeURIComponent(id);
}
