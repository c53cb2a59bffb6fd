import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  keptChatMessages,
  maxChatTextLength,
  maxCustomItems,
  maxDataMessageBytes,
  maxFrameBytes,
  maxRequestBytes,
  maxSpotlights,
} from '@parley/protocol';
import { expect, it } from 'vitest';

const text = readFileSync(join(import.meta.dirname, '../packages/protocol/PROTOCOL.md'), 'utf8').replaceAll(
  /\s+/g,
  ' ',
);

it.each([
  [`| frame | ${maxFrameBytes / 1024} KiB |`],
  [`A frame from a client is at most ${maxFrameBytes / 1024} KiB;`],
  [`| request | ${maxRequestBytes / 1024} KiB of JSON |`],
  [`A request is at most ${maxRequestBytes / 1024} KiB of JSON`],
  [`A payload has ${maxDataMessageBytes / 1024} KiB at most.`],
  [`| call | ${keptChatMessages} chat messages of ${maxChatTextLength} characters;`],
  [`; ${maxCustomItems} custom items of 1024; ${maxSpotlights} spotlights |`],
])('PROTOCOL.md says what is the limit: %s', (limit) => {
  expect(text).toContain(limit);
});
