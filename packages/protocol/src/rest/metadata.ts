import * as z from 'zod';

/** Largest metadata, bytes of JSON. */
const maxMetadataBytes = 4096;

/** Deep enough for data, too shallow to exhaust a parser's stack. */
const maxMetadataDepth = 16;

/** What a backend keeps with a user for itself: any JSON object, 4 KB at most. Parley does not look into it. */
export const metadata = z.record(z.string(), z.json()).superRefine((value, context) => {
  if (depthOf(value) > maxMetadataDepth) {
    context.addIssue({
      code: 'custom',
      message: `must not be nested deeper than ${maxMetadataDepth} levels`,
    });

    return;
  }
  const text = JSON.stringify(value);
  if (utf8Length(text) > maxMetadataBytes) {
    context.addIssue({ code: 'custom', message: `must be at most ${maxMetadataBytes} bytes of JSON` });
  }
  // PostgreSQL cannot keep it.
  if (text.includes(String.raw`\u0000`)) {
    context.addIssue({ code: 'custom', message: 'must not hold the character U+0000' });
  }
});

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;
}

function utf8Length(text: string): number {
  return Array.from(text).reduce(
    (bytes, character) => bytes + utf8LengthOf(character.codePointAt(0) ?? 0),
    0,
  );
}

/** RFC 3629, section 3. */
function utf8LengthOf(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }

  return codePoint < 0x10000 ? 3 : 4;
}
