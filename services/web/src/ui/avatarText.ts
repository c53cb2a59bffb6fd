/** First letters of the first and the last word, whatever the script; an emoji counts as one letter. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];

  return `${firstLetter(first)}${firstLetter(last)}`.toLocaleUpperCase();
}

function firstLetter(word: string): string {
  const [segment] = new Intl.Segmenter().segment(word);

  return segment?.segment ?? '';
}

/** A hue in degrees that depends on the name alone. */
export function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name.trim().toLocaleLowerCase()) {
    hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  }

  // The golden angle keeps names that differ little apart.
  return Math.round((hash * 137.508) % 360);
}
