import type { MediaSource } from '@parley/protocol';
import { expect, it } from 'vitest';
import { expectedVideos } from './expectedVideos.ts';
import type { Stream } from './Stream.ts';

function stream(participantId: string, source: MediaSource): Stream {
  const kind = source === 'microphone' ? 'audio' : 'video';

  return { id: `${participantId}-${source}`, kind, source, participantId, originFor: () => undefined };
}

const streams = [
  stream('alice', 'camera'),
  stream('alice', 'microphone'),
  stream('bob', 'camera'),
  stream('carol', 'screen'),
  stream('carol', 'camera'),
  stream('dave', 'camera'),
];

it('a newcomer is given screens, then the cameras of those who speak, then those that began last', () => {
  expect(expectedVideos(streams, ['bob', 'alice'], 25).map(({ id }) => id)).toEqual([
    'carol-screen',
    'bob-camera',
    'alice-camera',
    'dave-camera',
    'carol-camera',
  ]);
});

it('a newcomer is given no more pictures than they expect', () => {
  expect(expectedVideos(streams, [], 2).map(({ id }) => id)).toEqual(['carol-screen', 'dave-camera']);
  expect(expectedVideos(streams, ['bob'], 0)).toEqual([]);
});
