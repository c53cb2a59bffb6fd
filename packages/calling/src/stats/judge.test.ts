import { describe, expect, it } from 'vitest';
import { good, judgeCamera, judgeReceivingPath, judgeScreen, judgeSent, judgeSound } from './judge.ts';
import type {
  AudioReceiveStats,
  AudioSendStats,
  MediaStatsSample,
  TransportStats,
  VideoReceiveStats,
  VideoSendStats,
} from './mediaStatsTypes.ts';

const stream = {
  mid: '0',
  rid: undefined,
  source: 'microphone',
  endpointId: undefined,
  codec: undefined,
  bitrate: 32_000,
  packetsPerSecond: 50,
  fractionLost: 0,
  jitter: 0.01,
} as const;
const sound: AudioReceiveStats = {
  ...stream,
  jitterBufferDelay: 0.04,
  concealedFraction: 0,
  audioLevel: 0.1,
};
const voice: AudioSendStats = { ...stream, roundTripTime: 0.05, audioLevel: 0.1 };
const picture: VideoReceiveStats = {
  ...stream,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 30,
  freezeCount: 0,
  freezesDuration: 0,
  jitterBufferDelay: 0.04,
};
const camera: VideoSendStats = {
  ...stream,
  roundTripTime: 0.05,
  frameWidth: 640,
  frameHeight: 360,
  framesPerSecond: 30,
  qualityLimitationReason: 'none',
};
const transport: TransportStats = {
  direction: 'send',
  localCandidateType: 'host',
  remoteCandidateType: 'host',
  protocol: 'udp',
  currentRoundTripTime: 0.05,
  availableOutgoingBitrate: 3_000_000,
  availableIncomingBitrate: undefined,
  outgoingBitrate: 500_000,
  incomingBitrate: 0,
};

interface Sent {
  voices?: AudioSendStats[];
  cameras?: VideoSendStats[];
  screens?: VideoSendStats[];
  transports?: TransportStats[];
}

const sample = ({ voices = [], cameras = [], screens = [], transports = [] }: Sent): MediaStatsSample => ({
  timestamp: 0,
  audio: { send: voices, receive: [] },
  video: { send: cameras, receive: [] },
  screenShare: { send: screens, receive: [] },
  transports,
});

describe('what is sent', () => {
  it.each<[string, Sent, string, string | undefined]>([
    ['all is well', { voices: [voice], cameras: [camera], transports: [transport] }, 'Good', undefined],
    ['a voice loses 5 %', { voices: [{ ...voice, fractionLost: 0.05 }] }, 'Poor', 'loss'],
    ['a voice loses 20 %', { voices: [{ ...voice, fractionLost: 0.2 }] }, 'Bad', 'loss'],
    ['a camera loses 20 %', { cameras: [{ ...camera, fractionLost: 0.2 }] }, 'Bad', 'loss'],
    ['a screen loses 20 %', { screens: [{ ...camera, fractionLost: 0.2 }] }, 'Bad', 'loss'],
    ['the way takes 300 ms', { voices: [{ ...voice, roundTripTime: 0.3 }] }, 'Poor', 'delay'],
    ['the way takes 700 ms', { transports: [{ ...transport, currentRoundTripTime: 0.7 }] }, 'Bad', 'delay'],
    ['a voice comes unevenly', { voices: [{ ...voice, jitter: 0.08 }] }, 'Poor', 'delay'],
    [
      'a picture is smaller for want of room',
      { cameras: [{ ...camera, qualityLimitationReason: 'bandwidth' }] },
      'Poor',
      'bandwidth',
    ],
    [
      'a picture is smaller for want of a processor',
      { cameras: [{ ...camera, qualityLimitationReason: 'cpu' }] },
      'Good',
      undefined,
    ],
    [
      'there is no room for the smallest picture',
      { cameras: [camera], transports: [{ ...transport, availableOutgoingBitrate: 100_000 }] },
      'Bad',
      'bandwidth',
    ],
    [
      'there is room for a voice, and no picture is sent',
      {
        voices: [voice],
        cameras: [{ ...camera, framesPerSecond: 0, fractionLost: 0.5, qualityLimitationReason: 'bandwidth' }],
        transports: [{ ...transport, availableOutgoingBitrate: 100_000 }],
      },
      'Good',
      undefined,
    ],
    [
      'a voice in a pause loses one of its few packets',
      { voices: [{ ...voice, packetsPerSecond: 3, fractionLost: 0.3 }] },
      'Good',
      undefined,
    ],
    [
      'a voice came late and unevenly before it was muted',
      { voices: [{ ...voice, packetsPerSecond: 0, roundTripTime: 0.7, jitter: 0.2 }] },
      'Good',
      undefined,
    ],
    [
      'only the way of what is received is slow',
      { transports: [{ ...transport, direction: 'receive', currentRoundTripTime: 1 }] },
      'Good',
      undefined,
    ],
  ])('when %s', (_, sent, level, reason) => {
    expect(judgeSent(sample(sent))).toEqual({ level, reason });
  });
});

describe('what is received', () => {
  it.each<[string, Partial<AudioReceiveStats>, string, string | undefined]>([
    ['all is well', {}, 'Good', undefined],
    ['loses 5 %', { fractionLost: 0.05 }, 'Poor', 'loss'],
    ['loses 15 %', { fractionLost: 0.15 }, 'Bad', 'loss'],
    ['is made up for 10 %', { concealedFraction: 0.1 }, 'Poor', 'loss'],
    ['comes unevenly', { jitter: 0.2 }, 'Bad', 'delay'],
    ['pauses', { packetsPerSecond: 3, fractionLost: 0.3, concealedFraction: 0.3 }, 'Good', undefined],
    ['came unevenly before it paused', { packetsPerSecond: 0, jitter: 0.2 }, 'Good', undefined],
  ])('as a voice that %s', (_, stats, level, reason) => {
    expect(judgeSound({ ...sound, ...stats })).toEqual({ level, reason });
  });

  it.each<[string, Partial<VideoReceiveStats>, string, string | undefined]>([
    ['moves', {}, 'Good', undefined],
    ['shows no new frame', { framesPerSecond: 0 }, 'Bad', 'frozen'],
    ['stands still for a tenth of the time', { freezesDuration: 0.2 }, 'Poor', 'frozen'],
    ['stands still for half of the time', { freezesDuration: 1 }, 'Bad', 'frozen'],
    ['loses 5 %', { fractionLost: 0.05 }, 'Poor', 'loss'],
    ['of which nothing is known yet', { framesPerSecond: undefined }, 'Good', undefined],
  ])('as a picture that %s', (_, stats, level, reason) => {
    expect(judgeCamera({ ...picture, ...stats }, 2)).toEqual({ level, reason });
  });

  it('as a screen that nothing happens on is good', () => {
    expect(judgeScreen({ ...picture, framesPerSecond: 0, freezesDuration: 2 })).toEqual(good);
    expect(judgeScreen({ ...picture, fractionLost: 0.05 })).toEqual({ level: 'Poor', reason: 'loss' });
  });

  it('over a slow path', () => {
    const slow = { ...transport, direction: 'receive', currentRoundTripTime: 0.7 } as const;

    expect(judgeReceivingPath(sample({ transports: [slow] }))).toEqual({ level: 'Bad', reason: 'delay' });
    expect(judgeReceivingPath(sample({ transports: [{ ...slow, direction: 'send' }] }))).toEqual(good);
  });
});
