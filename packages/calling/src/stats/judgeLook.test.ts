import { expect, it } from 'vitest';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { judgeLook } from './judgeLook.ts';
import type { VideoReceiveStats } from './mediaStatsTypes.ts';

const bob = { state: 'Connected' } as RemoteParticipant;
const picture: VideoReceiveStats = {
  mid: '0',
  rid: undefined,
  source: 'camera',
  endpointId: 'bob-1',
  codec: 'video/VP8',
  bitrate: 500_000,
  packetsPerSecond: 60,
  fractionLost: 0,
  jitter: 0.01,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 30,
  freezeCount: 1,
  freezesDuration: 1,
  jitterBufferDelay: 0.04,
};

it.each([
  [2, 'Bad'],
  [60, 'Good'],
])('a picture that stood still for one second of %i is %s: browsers let timers wait', (seconds, level) => {
  const none = { send: [], receive: [] };
  const { participants } = judgeLook(
    {
      sample: {
        timestamp: 0,
        audio: none,
        video: { send: [], receive: [picture] },
        screenShare: none,
        transports: [],
      },
      streams: [{ direction: 'receive', mid: '0', source: 'camera', participant: bob, isFlowing: true }],
      reading: { send: new Map(), receive: new Map() },
      seconds,
    },
    { isConnectionLost: false, isPathBroken: false, hasRelayFailed: false, weakSenders: [] },
  );

  expect(participants.get(bob)?.level).toBe(level);
});
