import * as z from 'zod';
import { storable } from '../storable.ts';

/** Largest metadata, bytes of JSON. */
const maxMetadataBytes = 4096;

/** Deep enough for data, too shallow to exhaust a parser's stack. */
const maxMetadataDepth = 16;

/** A merge patch (RFC 7396) of metadata: any JSON object. What comes of it is metadata again, and has its limits. */
export const metadataPatch = z.record(z.string(), z.json());

/** What a backend keeps with a user for itself: any JSON object, 4 KB at most. Parley does not look into it. */
export const metadata = metadataPatch.superRefine((value, context) => {
  if (depthOf(value) > maxMetadataDepth) {
    context.addIssue({
      code: 'custom',
      message: `must not be nested deeper than ${maxMetadataDepth} levels`,
    });

    return;
  }
  if (utf8Length(JSON.stringify(value)) > maxMetadataBytes) {
    context.addIssue({ code: 'custom', message: `must be at most ${maxMetadataBytes} bytes of JSON` });
  }
  if (!textsOf(value).every((text) => storable.test(text))) {
    context.addIssue({
      code: 'custom',
      message: 'must hold neither the character U+0000 nor half of a surrogate pair',
    });
  }
});

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;
}

/** All texts in a value, keys included. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }

  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => [key, ...textsOf(each)])
    : [];
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
